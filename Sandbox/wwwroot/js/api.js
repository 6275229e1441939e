// Calls to the control API.
async function call(method, path, body) {
  const answer = await fetch("/control" + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.error ?? `HTTP ${answer.status}`);
  }
  return answer.status === 204 || answer.status === 202 ? null : answer.json();
}

const chatPath = (number, waId) => `/chats/${number}/${waId}`;

export const api = {
  state: () => call("GET", "/state"),
  chats: (number) => call("GET", `/chats?phoneNumberId=${number}`),
  chat: (number, waId) => call("GET", chatPath(number, waId)),
  open: (number, waId) => call("POST", chatPath(number, waId) + "/open"),
  write: (waId, message) => call("POST", `/customers/${waId}/messages`, message),
  addCustomer: (waId, name) => call("PUT", `/customers/${waId}`, { name }),
  faults: () => call("GET", "/faults"),
  setFaults: (faults) => call("PUT", "/faults", faults),
  release: () => call("POST", "/faults/release"),
  webhooks: () => call("GET", "/webhooks?limit=60"),
  sent: () => call("GET", "/sent"),
};
