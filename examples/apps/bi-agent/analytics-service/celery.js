// Sends tasks to Celery's workers and reads their results: Celery's message protocol 2 over Redis lists.
import { randomUUID } from "node:crypto";
import os from "node:os";

export const QUEUES = {
  refresh_analytics_views: "analytics",
  calculate_kpis: "analytics",
  update_ml_models: "ml",
  train_model: "ml",
  import_data: "data",
  process_data: "data",
};

/** Sends a task to its queue and returns its id; `headers` go along, the traceparent among them. */
export async function sendTask(redis, task, named, headers) {
  const id = randomUUID();
  const queue = QUEUES[task];
  const message = {
    body: Buffer.from(JSON.stringify([[], named, { callbacks: null, errbacks: null, chain: null, chord: null }])).toString("base64"),
    "content-encoding": "utf-8",
    "content-type": "application/json",
    headers: {
      ...headers,
      lang: "py",
      task: `tasks.${task}`,
      id,
      root_id: id,
      parent_id: null,
      group: null,
      retries: 0,
      eta: null,
      expires: null,
      timelimit: [null, null],
      argsrepr: "()",
      kwargsrepr: JSON.stringify(named),
      origin: `analytics-api@${os.hostname()}`,
    },
    properties: {
      correlation_id: id,
      reply_to: "",
      delivery_mode: 2,
      delivery_info: { exchange: "", routing_key: queue },
      priority: 0,
      body_encoding: "base64",
      delivery_tag: randomUUID(),
    },
  };
  await redis.lpush(queue, JSON.stringify(message));
  return id;
}

/** Returns how a task stands: PENDING while nothing is known of it. */
export async function taskState(redis, id) {
  const kept = await redis.get(`celery-task-meta-${id}`);
  const { status = "PENDING", result = null } = kept ? JSON.parse(kept) : {};
  return { id, state: status, result };
}
