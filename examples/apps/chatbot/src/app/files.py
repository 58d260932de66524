"""Files in MinIO, in the environment's own buckets. Blocking: the worker calls it as it is, the application in threads."""

from __future__ import annotations

from src.app.settings import Settings


class Files:
    def __init__(self, settings: Settings):
        import boto3
        from botocore.config import Config

        self._client = boto3.client(
            "s3",
            endpoint_url=settings.minio_url,
            aws_access_key_id=settings.minio_user,
            aws_secret_access_key=settings.minio_password,
            region_name="us-east-1",
            config=Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, bucket: str, name: str, content: bytes) -> None:
        self._client.put_object(Bucket=bucket, Key=name, Body=content)

    def get(self, bucket: str, name: str) -> bytes | None:
        """Return the file, None if there is none of that name."""
        try:
            return self._client.get_object(Bucket=bucket, Key=name)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None
