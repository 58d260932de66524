// Reports are written in the background: a job of BullMQ puts the key figures as CSV into the bucket of data sets.
import { Queue, Worker } from "bullmq";

/** Returns a function that orders a report, one that tells how it stands, and one that ends the worker. */
export function reports({ settings, objects, kpis, telemetry }) {
  const options = { connection: { url: settings.REDIS_URL, maxRetriesPerRequest: null }, prefix: settings.QUEUE_PREFIX };
  const queue = new Queue("reports", options);
  const worker = new Worker("reports", write, { ...options, concurrency: settings.QUEUE_CONCURRENCY });
  for (const source of [queue, worker]) source.on("error", (error) => console.warn(`reports: ${error.code ?? error.message}`));

  async function write(job) {
    return telemetry.span("write report", { parent: job.data.traceparent, job: job.id }, async () => {
      const key = `reports/${job.id}.csv`;
      const lines = (await kpis()).map(({ name, value }) => `${name},${value}`);
      await objects.put(settings.MINIO_BUCKET_DATASETS, key, ["kpi,value", ...lines, ""].join("\n"), "text/csv");
      telemetry.count("reports.written");
      return { bucket: settings.MINIO_BUCKET_DATASETS, key };
    });
  }

  return {
    async order(headers) {
      const job = await queue.add("report", headers, { attempts: settings.QUEUE_ATTEMPTS, backoff: { type: "exponential", delay: 500 }, removeOnComplete: 200, removeOnFail: 200 });
      return job.id;
    },
    async state(id) {
      const job = await queue.getJob(id);
      return job && { id, state: await job.getState(), result: job.returnvalue ?? null, reason: job.failedReason ?? null };
    },
    async close() {
      await Promise.allSettled([worker.close(), queue.close()]);
    },
  };
}
