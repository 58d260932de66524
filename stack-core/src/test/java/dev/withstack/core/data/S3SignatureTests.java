package dev.withstack.core.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class S3SignatureTests {

    /** The example of the scheme's own documentation. */
    @Test
    void headersWhenTheDocumentedRequestIsSignedAreTheDocumentedOnes() {
        S3Signature signature = new S3Signature(
                "examplebucket.s3.amazonaws.com", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

        assertThat(signature.headers("GET", "/", "lifecycle=", Instant.parse("2013-05-24T00:00:00Z")))
                .containsEntry("x-amz-date", "20130524T000000Z")
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                                + " SignedHeaders=host;x-amz-content-sha256;x-amz-date,"
                                + " Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    }

    @Test
    void toStringWhenPrintedHasNoPassword() {
        assertThat(new S3Signature("s3:9000", "minio", "hidden").toString()).doesNotContain("hidden");
    }
}
