"""Data sets and models, kept in buckets of MinIO or of any server that speaks S3."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import telemetry
from model import BadData, Model

SAMPLE = "sales.csv"


class NotThere(LookupError):
    """A data set or a model that is not in its bucket."""


class Store:
    """The two buckets, which are there before this service starts."""

    def __init__(self, settings, sender: telemetry.Telemetry):
        self._settings = settings
        self._telemetry = sender
        self._lock = threading.Lock()
        self._made = None

    def dataset(self, name: str) -> bytes:
        """Return a data set; the sample is put into the bucket when it is first asked for."""
        content = self._get(self._settings.datasets, name)
        if content is None and name == SAMPLE:
            content = (Path(__file__).parent / "data" / SAMPLE).read_bytes()
            self._put(self._settings.datasets, name, content)
        if content is None:
            raise NotThere(f"there is no data set '{name}' in the bucket '{self._settings.datasets}'")
        return content

    def keep(self, model: Model) -> None:
        """Keep a model under its name and version."""
        self._put(self._settings.models, f"{model.name}/{model.version}.json", json.dumps(model.as_json()).encode())

    def newest(self, name: str) -> Model:
        """Return the model of that name that was trained last."""
        versions = [key for key in self._keys(self._settings.models) if key.startswith(f"{name}/")]
        if not versions:
            raise NotThere(f"there is no model '{name}' yet: train it with POST /train")
        return self._read(max(versions))

    def newest_of_each(self) -> list[Model]:
        """Return of every model the version that was trained last, by name."""
        newest: dict[str, str] = {}
        for key in sorted(self._keys(self._settings.models)):
            newest[key.partition("/")[0]] = key
        return [self._read(key) for key in newest.values()]

    def _read(self, key: str) -> Model:
        try:
            return Model(**json.loads(self._get(self._settings.models, key) or b""))
        except (ValueError, TypeError) as error:
            raise BadData(f"'{key}' in the bucket '{self._settings.models}' is no model of this service") from error

    def _get(self, bucket: str, key: str) -> bytes | None:
        from botocore.exceptions import ClientError

        with self._telemetry.span(f"S3 GET {bucket}", telemetry.CLIENT, key=key):
            try:
                return self._client().get_object(Bucket=bucket, Key=key)["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                    return None
                raise

    def _put(self, bucket: str, key: str, content: bytes) -> None:
        with self._telemetry.span(f"S3 PUT {bucket}", telemetry.CLIENT, key=key):
            self._client().put_object(Bucket=bucket, Key=key, Body=content)

    def _keys(self, bucket: str) -> list[str]:
        with self._telemetry.span(f"S3 LIST {bucket}", telemetry.CLIENT):
            pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
            return [one["Key"] for page in pages for one in page.get("Contents", [])]

    def _client(self):
        """boto3 takes a second to load, so it is not loaded before it is needed."""
        with self._lock:
            if self._made is None:
                import boto3
                from botocore.config import Config

                self._made = boto3.client(
                    "s3",
                    endpoint_url=self._settings.minio_endpoint,
                    aws_access_key_id=self._settings.minio_access_key,
                    aws_secret_access_key=self._settings.minio_secret_key,
                    region_name="us-east-1",
                    config=Config(connect_timeout=3, read_timeout=20, s3={"addressing_style": "path"}),
                )
            return self._made
