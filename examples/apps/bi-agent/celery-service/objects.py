"""The buckets of MinIO, or of any server that speaks S3."""

from __future__ import annotations

import functools
import os

DATASETS = os.environ.get("MINIO_BUCKET_DATASETS", "datasets")
LOGS = os.environ.get("MINIO_BUCKET_LOGS", "logs")


def get(bucket: str, key: str) -> bytes:
    """Return an object; raise LookupError that names it where there is none."""
    from botocore.exceptions import ClientError

    try:
        return _client().get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            raise LookupError(f"there is no '{key}' in the bucket '{bucket}'") from error
        raise


def put(bucket: str, key: str, content: bytes) -> None:
    """Store an object."""
    _client().put_object(Bucket=bucket, Key=key, Body=content)


@functools.cache
def _client():
    """boto3 takes a second to load, so it is not loaded before it is needed."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=os.environ.get("MINIO_ENDPOINT", "http://minio:9000"),
        aws_access_key_id=os.environ.get("MINIO_ACCESS_KEY", "minioadmin"),
        aws_secret_access_key=os.environ.get("MINIO_SECRET_KEY", "minioadmin"),
        region_name="us-east-1",
        config=Config(connect_timeout=3, read_timeout=20, s3={"addressing_style": "path"}),
    )
