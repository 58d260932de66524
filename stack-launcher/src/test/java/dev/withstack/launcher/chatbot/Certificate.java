package dev.withstack.launcher.chatbot;

/** A certificate that nobody trusts, and its key, which everybody knows: for tests alone. */
final class Certificate {
    static final String KEY =
            """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/QfAR46aZh0n6+J7
            /XVRlKn4dbVJkhvyh9pjLEQ7Zk6hRANCAAR5T7Bh4/FvI4GMidtddPuB1b3Plli7
            b+aybqhoTe8bzqGeJgJ/AhJv3wxu7wOJl0lHNH6OSXcC9JTCIUCkDveN
            -----END PRIVATE KEY-----
            """;

    static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIB5TCCAYygAwIBAgIUEdVl1o2V2WMCsrUExfcStEsV5Z4wCgYIKoZIzj0EAwIw
            NDESMBAGA1UEAwwJbG9jYWxob3N0MR4wHAYDVQQKDBV3aXRoc3RhY2sgZGV2ZWxv
            cG1lbnQwHhcNMjYxMTI4MTMxMzUxWhcNMzYxMTI1MTMxMzUxWjA0MRIwEAYDVQQD
            DAlsb2NhbGhvc3QxHjAcBgNVBAoMFXdpdGhzdGFjayBkZXZlbG9wbWVudDBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABHlPsGHj8W8jgYyJ2110+4HVvc+WWLtv5rJu
            qGhN7xvOoZ4mAn8CEm/fDG7vA4mXSUc0fo5JdwL0lMIhQKQO942jfDB6MB0GA1Ud
            DgQWBBRrE7nZhuDGOp9Y3xeEq1tkiSNRtTAfBgNVHSMEGDAWgBRrE7nZhuDGOp9Y
            3xeEq1tkiSNRtTAPBgNVHRMBAf8EBTADAQH/MCcGA1UdEQQgMB6CCWxvY2FsaG9z
            dIILKi5sb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgKzzm5NBf+Iyx
            L69qwGjSTzUULq3AlHgrPC2GuRWlgHcCIEQgYxfYvxZ17/TROQlJXuc2JLC2bY8f
            TYCp8wzQUEmP
            -----END CERTIFICATE-----
            """;

    private Certificate() {}
}
