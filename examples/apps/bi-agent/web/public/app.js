// What the page does in the browser: it asks the API under the address that the browser can reach.
const { api } = JSON.parse(document.body.dataset.settings);
const $ = (id) => document.getElementById(id);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function call(path, body) {
  const response = await fetch(api + path, body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}).catch(() => {
    throw new Error(`the API at ${api} does not answer`);
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `the API answers ${response.status}`);
  return answer;
}

async function run(task) {
  const { id, queue } = await call("/api/v1/tasks", { task });
  for (;;) {
    const { state } = await call(`/api/v1/tasks/${id}`);
    $("task").textContent = `${task} on queue ${queue}: ${state.toLowerCase()}`;
    if (state === "SUCCESS" || state === "FAILURE") return;
    await sleep(500);
  }
}

function told(id, work) {
  return work().catch((error) => ($(id).textContent = error.message));
}

$("tasks").addEventListener("click", (event) => {
  const { task } = event.target.dataset;
  if (task) told("task", () => run(task));
});

$("predict").addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = event.target.elements;
  const features = { visits: fields.visits.valueAsNumber, ad_spend: fields.ad_spend.valueAsNumber, price: fields.price.valueAsNumber, weekend: fields.weekend.checked ? 1 : 0 };
  told("prediction", async () => {
    const { prediction, version } = await call("/api/v1/predictions", { features });
    $("prediction").textContent = `${prediction.toLocaleString()} (model ${version})`;
  });
});
