// The buckets of MinIO, or of any server that speaks S3: requests signed per AWS Signature Version 4.
import { createHash, createHmac } from "node:crypto";

const REGION = "us-east-1";

/** Puts objects into buckets and gets them. */
export class Objects {
  constructor(settings) {
    this.endpoint = settings.MINIO_ENDPOINT.replace(/\/$/, "");
    this.accessKey = settings.MINIO_ACCESS_KEY;
    this.secretKey = settings.MINIO_SECRET_KEY;
  }

  async put(bucket, key, content, type) {
    await this.#send("PUT", `/${bucket}/${key}`, content, { "content-type": type });
  }

  async get(bucket, key) {
    return Buffer.from(await (await this.#send("GET", `/${bucket}/${key}`)).arrayBuffer());
  }

  /** Throws unless the server shows the bucket to these credentials. */
  async check(bucket) {
    await this.#send("HEAD", `/${bucket}`);
  }

  async #send(method, path, content = "", headers = {}) {
    const target = path.split("/").map(encodeURIComponent).join("/");
    const signed = sign(method, new URL(this.endpoint).host, target, content, this.accessKey, this.secretKey);
    const answer = await fetch(this.endpoint + target, { method, headers: { ...signed, ...headers }, body: method === "PUT" ? content : undefined, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) {
      const error = new Error(`the object store answered ${answer.status} to ${method} ${path}`);
      error.status = answer.status === 404 ? 404 : 502;
      throw error;
    }
    return answer;
  }
}

function sign(method, host, path, content, accessKey, secretKey, now = new Date()) {
  const moment = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const digest = sha256(content);
  const headers = { host, "x-amz-content-sha256": digest, "x-amz-date": moment };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`).join("");
  const scope = `${moment.slice(0, 8)}/${REGION}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", moment, scope, sha256([method, path, "", lines, names, digest].join("\n"))].join("\n");
  const key = [moment.slice(0, 8), REGION, "s3", "aws4_request"].reduce((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${hmac(key, toSign).toString("hex")}`;
  return { "x-amz-content-sha256": digest, "x-amz-date": moment, authorization };
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}
