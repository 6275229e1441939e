// One message as a bubble.
import { el } from "./dom.js";
import { clock, t } from "./i18n.js";
import { icon } from "./icons.js";
import { kindOf, previewOf, textOf } from "./messagetext.js";

const emojis = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** actions: { react(message, emoji), tapButton(message, button, index), tapReply(message, kind, reply) } */
export function bubble(message, chat, actions) {
  const isMine = message.direction === "inbound";
  const picture = pictureOf(message);
  const body = el(
    "div",
    { class: picture ? "bubble with-photo" : "bubble" },
    quote(message, chat),
    picture,
    ...contentOf(message, picture),
    meta(message, isMine),
    replies(message, chat, actions),
  );
  const reactions = message.reactions.map((reaction) => reaction.emoji);
  if (reactions.length > 0) body.append(el("span", { class: "reactions" }, ...reactions));
  return el(
    "li",
    {
      class: reactions.length > 0 ? "message has-reactions" : "message",
      "data-wamid": message.wamid,
      "data-direction": message.direction,
      "data-type": message.type,
    },
    body,
    isMine ? null : reactButton(message, actions),
  );
}

function meta(message, isMine) {
  const status = ["delivered", "read"].includes(message.status) ? message.status : "sent";
  const ticks = el(
    "span",
    { class: "ticks", "data-status": status, role: "img", "aria-label": t("tick." + status), title: t("tick." + status) },
    icon(status === "sent" ? "tick" : "ticks"),
  );
  return el("span", { class: "meta" }, el("time", { datetime: message.at }, clock(message.at)), isMine ? ticks : null);
}

function quote(message, chat) {
  const quoted = message.contextId && chat.items.find((item) => item.wamid === message.contextId);
  return quoted ? el("span", { class: "quote" }, previewOf(quoted)) : null;
}

function pictureOf(message) {
  const id = ["image", "sticker"].includes(message.type) ? message.content?.id : message.template?.headerMediaId;
  if (!id) return null;
  return el("img", { class: "photo", src: `/control/media/${encodeURIComponent(id)}`, alt: kindOf(message) });
}

function contentOf(message, picture) {
  const content = message.content ?? {};
  const words = textOf(message);
  if (message.template)
    return [
      message.template.header ? el("strong", { class: "head-line" }, message.template.header) : null,
      el("span", { class: "words" }, words),
      message.template.footer ? el("span", { class: "foot-line" }, message.template.footer) : null,
    ];
  if (message.type === "audio" && content.id)
    return [el("audio", { controls: true, preload: "none", src: `/control/media/${encodeURIComponent(content.id)}` })];
  if (message.type === "video" && content.id)
    return [
      el("video", { controls: true, preload: "metadata", class: "photo", src: `/control/media/${encodeURIComponent(content.id)}` }),
      el("span", { class: "words" }, words),
    ];
  if (message.type === "location")
    return [placeholder("pin", [content.name, content.address].filter(Boolean).join(" · ") || kindOf(message))];
  if (message.type === "contacts")
    return [placeholder("person", Array.isArray(content) ? (content[0]?.name?.formatted_name ?? "") : kindOf(message))];
  if (message.type === "document") return [placeholder("file", content.filename ?? kindOf(message)), el("span", { class: "words" }, words)];
  if (message.type === "interactive" && message.direction === "outbound")
    return [
      content.header?.text ? el("strong", { class: "head-line" }, content.header.text) : null,
      el("span", { class: "words" }, words),
      content.footer?.text ? el("span", { class: "foot-line" }, content.footer.text) : null,
    ];
  if (words) return [el("span", { class: "words" }, words)];
  return picture ? [] : [placeholder(message.type === "image" ? "image" : "question", kindOf(message))];
}

const placeholder = (name, text) => el("span", { class: "placeholder" }, icon(name), el("span", {}, text));

function replies(message, chat, actions) {
  if (message.direction !== "outbound") return null;
  const answered = chat.items.some((item) => item.direction === "inbound" && item.contextId === message.wamid);
  const button = (text, tap) => el("button", { type: "button", disabled: answered || !tap, onclick: tap ?? (() => {}) }, text);
  const buttons = (message.template?.buttons ?? []).map((one) =>
    button(one.text, one.type === "QUICK_REPLY" ? () => actions.tapButton(message, one) : null),
  );
  const action = message.type === "interactive" ? message.content?.action : null;
  for (const one of action?.buttons ?? [])
    buttons.push(button(one.reply?.title ?? "", () => actions.tapReply(message, "button_reply", one.reply)));
  for (const section of action?.sections ?? [])
    for (const row of section.rows ?? [])
      buttons.push(button(row.title ?? "", () => actions.tapReply(message, "list_reply", row)));
  return buttons.length > 0 ? el("div", { class: "replies" }, ...buttons) : null;
}

function reactButton(message, actions) {
  const mine = message.reactions.find((reaction) => reaction.direction === "inbound")?.emoji;
  const button = el(
    "button",
    { type: "button", class: "react", "aria-label": t("react"), title: t("react"), "aria-expanded": "false", "data-testid": "react" },
    icon("smile"),
  );
  button.addEventListener("click", () => {
    const line = button.closest("li");
    const open = line.querySelector(".emoji-row");
    document.querySelectorAll(".emoji-row").forEach((row) => row.remove());
    if (open) return;
    const choices = emojis.map((emoji) =>
      el(
        "button",
        {
          type: "button",
          "aria-pressed": String(emoji === mine),
          onclick: () => actions.react(message, emoji === mine ? null : emoji),
        },
        emoji,
      ),
    );
    line.append(el("div", { class: "emoji-row", "data-testid": "emoji-row" }, ...choices));
  });
  return button;
}
