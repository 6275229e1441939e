// The open chat on the phone.
import { api } from "./api.js";
import { bubble } from "./bubble.js";
import { byId, el, toast } from "./dom.js";
import { paintFace } from "./faces.js";
import { clock, day, dayKey, language, t } from "./i18n.js";
import { onChange, store } from "./store.js";

const shown = new Map(); // wamid -> { key, node }
let shownChat = null;

/** Sends what the customer does, stamped as the tools say. */
export async function write(message) {
  const at = store.hoursAgo > 0 ? new Date(Date.now() - store.hoursAgo * 3600_000).toISOString() : undefined;
  try {
    await api.write(store.waId, { phoneNumberId: store.number.phoneNumberId, at, ...message });
    return true;
  } catch (problem) {
    toast(t("failedToSend", { reason: problem.message }));
    return false;
  }
}

const actions = {
  react: (message, emoji) =>
    write({ type: "reaction", reaction: emoji ? { message_id: message.wamid, emoji } : { message_id: message.wamid } }),
  tapButton: (message, button) =>
    write({ type: "button", contextId: message.wamid, button: { payload: button.payload ?? button.text, text: button.text } }),
  tapReply: (message, kind, reply) =>
    write({ type: "interactive", contextId: message.wamid, interactive: { type: kind, [kind]: reply } }),
};

// What the business sent but Meta has not brought, or has refused, is not on the phone.
const isOnPhone = (message) => message.direction === "inbound" || !["accepted", "failed"].includes(message.status);

function showMessages() {
  const list = byId("messages");
  const scroll = byId("scroll");
  const chat = store.chat;
  const name = `${store.waId} ${store.number.phoneNumberId} ${language()}`;
  const isNewChat = shownChat !== name;
  if (isNewChat) shown.clear();
  shownChat = name;
  const atEnd = isNewChat || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const nodes = [];
  let lastDay = null;
  for (const message of chat.items.filter(isOnPhone)) {
    if (dayKey(message.at) !== lastDay) nodes.push(el("li", { class: "day" }, day(message.at)));
    lastDay = dayKey(message.at);
    const answered = chat.items.some((item) => item.contextId === message.wamid);
    const key = JSON.stringify([message, answered]);
    if (shown.get(message.wamid)?.key !== key) shown.set(message.wamid, { key, node: bubble(message, chat, actions) });
    nodes.push(shown.get(message.wamid).node);
  }
  if (nodes.length === 0)
    nodes.push(el("li", { class: "empty" }, t("startHint", { name: store.number.verifiedName })));
  list.replaceChildren(...nodes);
  if (atEnd) toEnd();
}

const toEnd = () => {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
};

function showTyping() {
  const until = store.chat?.typingUntil ? new Date(store.chat.typingUntil) : null;
  const isTyping = until !== null && until > new Date();
  const was = !byId("typing").hidden;
  byId("typing").hidden = !isTyping;
  byId("business-sub").textContent = isTyping ? t("writing") : store.number.displayPhoneNumber;
  if (isTyping) {
    setTimeout(showTyping, until - new Date() + 50);
    if (!was) toEnd();
  }
}

function show(parts) {
  if (!store.number) return;
  byId("clock").textContent = clock(new Date());
  byId("business-name").textContent = store.number.verifiedName;
  byId("business-face").textContent = [...store.number.verifiedName][0];
  if (!store.chat) return;
  const customer = store.chat.customer;
  const number = "+" + customer.waId + (customer.hidesNumber ? `（${t("hidden")}）` : "");
  byId("owner").textContent = t("ownerOf", { name: customer.name, number });
  paintFace(byId("owner-face"), customer.name, customer.waId);
  if (parts.includes("chat") || parts.includes("language")) showMessages();
  showTyping();
}

export function startConversation() {
  onChange(show);
  // A picture that arrives late must not push the end out of sight.
  byId("messages").addEventListener(
    "load",
    () => {
      const scroll = byId("scroll");
      if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 400) toEnd();
    },
    true,
  );
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".react")) document.querySelectorAll(".emoji-row").forEach((row) => row.remove());
  });
  setInterval(() => (byId("clock").textContent = clock(new Date())), 10_000);
}
