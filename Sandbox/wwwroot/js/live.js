// Hints from the Sandbox. Each names what changed; hints that come close together cost one fetch.
import { store } from "./store.js";

const waiting = new Set();
let timer = null;

/** fetchers: { part: async () => … } */
export function startLive(fetchers) {
  const ask = (...parts) => {
    parts.forEach((part) => waiting.add(part));
    timer ??= setTimeout(flush, 40);
  };

  async function flush() {
    const parts = [...waiting];
    waiting.clear();
    timer = null;
    // A fetch that fails is repeated by the next hint; the stream's own reconnection brings "hello".
    await Promise.allSettled(parts.map((part) => fetchers[part]()));
  }

  const source = new EventSource("/control/events");
  source.addEventListener("hello", () => ask("state", "chats", "chat", "faults", "webhooks", "sent"));
  source.addEventListener("customers", () => ask("chats", "chat"));
  source.addEventListener("webhooks", () => ask("webhooks"));
  source.addEventListener("sent", () => ask("sent"));
  source.addEventListener("faults", () => ask("faults"));
  source.addEventListener("chat", (event) => {
    const hint = JSON.parse(event.data);
    if (hint.phoneNumberId !== store.number?.phoneNumberId) return;
    ask("chats");
    if (hint.waId === store.waId) ask("chat");
  });
  return ask;
}
