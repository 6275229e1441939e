// What went to the product and what came from it.
import { byId, el, keep } from "./dom.js";
import { clockSeconds, language, t } from "./i18n.js";
import { onChange, store } from "./store.js";

function code(status, fallback) {
  const good = status >= 200 && status < 300;
  return el("span", { class: `code ${good ? "good" : "bad"}` }, String(status ?? fallback));
}

function delivery(item) {
  const lost = item.state === "dropped" || item.state === "expired";
  const codes = item.attempts.slice(-4).map((attempt) => {
    const chip = code(attempt.status, "–");
    chip.title = attempt.status ? `${attempt.durationMs} ms` : `${t("noAnswer")}: ${attempt.error}`;
    return chip;
  });
  return el(
    "li",
    { "data-state": item.state },
    el("time", { datetime: item.createdAt }, clockSeconds(item.createdAt)),
    el("span", { class: "what", title: item.summary }, item.summary),
    el(
      "span",
      { class: "codes" },
      ...codes,
      lost ? el("span", { class: "code bad" }, t("state." + item.state)) : null,
      item.state === "pending" && codes.length === 0 ? el("span", { class: "code" }, t("waiting")) : null,
    ),
    item.state === "pending" && item.nextAttemptAt && item.attemptCount > 0
      ? el("span", { class: "more" }, t("nextTry", { time: clockSeconds(item.nextAttemptAt), n: item.attemptCount }))
      : null,
  );
}

function request(item) {
  const name = store.chats.find((chat) => chat.waId === item.to)?.name ?? item.to;
  return el(
    "li",
    { "data-accepted": String(item.accepted), title: item.wamid ?? "" },
    el("time", { datetime: item.at }, clockSeconds(item.at)),
    el("span", { class: "what" }, `${item.type} → ${name}`),
    el(
      "span",
      { class: "codes" },
      item.httpStatus ? code(item.httpStatus) : el("span", { class: "code" }, t(item.accepted ? "noAnswer" : "waiting")),
    ),
  );
}

const listOf = (items, row, none) =>
  items.length > 0 ? [el("ol", { class: "log" }, ...items.map(row))] : [el("p", { class: "none" }, t(none))];

function badge(id, count, waiting) {
  const node = byId(id);
  node.hidden = count === 0;
  node.textContent = String(count);
  node.classList.toggle("waiting", waiting);
}

function show(parts) {
  if (!parts.some((part) => ["webhooks", "sent", "language", "chats"].includes(part))) return;
  badge("pending", store.webhooks.pending, true);
  badge("sent-count", store.sent.count, false);
  keep(byId("tab-webhooks"), [language(), store.webhooks], () => listOf(store.webhooks.items, delivery, "noDeliveries"));
  const sent = store.sent.items.slice(-60).reverse();
  keep(byId("tab-sent"), [language(), sent, store.chats.map((chat) => chat.name)], () => listOf(sent, request, "noRequests"));
}

function openTab(name) {
  for (const tab of document.querySelectorAll("[data-tab]"))
    tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  for (const panel of document.querySelectorAll("[role=tabpanel]")) panel.hidden = panel.id !== "tab-" + name;
}

export function startLogs() {
  for (const tab of document.querySelectorAll("[data-tab]"))
    tab.addEventListener("click", () => openTab(tab.dataset.tab));
  onChange(show);
}
