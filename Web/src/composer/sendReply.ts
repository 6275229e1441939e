import type { SendBody } from '../api/types';
import { serverClock } from '../shared/serverClock';
import { type Attachment, type KeptFile, Tray } from './attachments';
import { draftsOf, withText } from './drafts';
import { kinds } from './files';
import { newKey, type Outbox } from './outbox';
import { replyToOf, setReplyTo } from './replyTo';
import { clearRefusal } from './useOutbox';

/** What WhatsApp takes (docs/api.md, Messages). */
export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;

interface Piece {
  body: SendBody;
  text: string;
  file?: KeptFile;
  previewUrl: string | null;
}

/** One message for each file, the text as the caption of the first that takes one; else the text is a message of its own. */
export function piecesOf(text: string, files: Attachment[]): Piece[] {
  const trimmed = text.trim();
  const captioned = files.findIndex(({ kind }) => kinds[kind].caption);
  const pieces = files.flatMap(({ kind, name, size, state, previewUrl }, index): Piece[] => {
    if (state.kind !== 'ready') return [];
    const caption = index === captioned ? trimmed : '';
    const file = { kind, mediaId: state.mediaId, name, size };
    return [{ body: bodyOf(file, caption), text: caption, file, previewUrl }];
  });
  if (trimmed && captioned < 0)
    pieces.push({ body: { type: 'text', text: { body: trimmed } }, text: trimmed, previewUrl: null });
  return pieces;
}

function bodyOf({ kind, mediaId, name }: KeptFile, caption: string): SendBody {
  const content = caption ? { id: mediaId, caption } : { id: mediaId };
  switch (kind) {
    case 'image':
      return { type: kind, image: content };
    case 'video':
      return { type: kind, video: content };
    case 'audio':
      return { type: kind, audio: { id: mediaId } };
    case 'voice':
      return { type: 'audio', audio: { id: mediaId, voice: true } };
    case 'document':
      return { type: kind, document: { ...content, filename: name } };
    case 'sticker':
      return { type: kind, sticker: { id: mediaId } };
  }
}

/** The first of them carries what it answers. */
function answering(threadId: string, pieces: Piece[]): Piece[] {
  const wamid = replyToOf(threadId)?.wamid;
  setReplyTo(threadId, null);
  const [first, ...others] = pieces;
  if (!wamid || !first) return pieces;
  return [{ ...first, body: { ...first.body, context: { message_id: wamid } } }, ...others];
}

/** One message that is no text and no file: a place, a card, something to tap. */
export function sendOne(outbox: Outbox, threadId: string, body: SendBody, text: string): void {
  const now = serverClock.now();
  for (const piece of answering(threadId, [{ body, text, previewUrl: null }]))
    outbox.add({ key: newKey(), threadId, createdAt: now, ...piece });
  clearRefusal(threadId);
}

/** Into the outbox, each under a key of its own; the editor is free for the next reply at once. */
export function sendReply(
  outbox: Outbox,
  agentId: string,
  threadId: string,
  text: string,
  files: Attachment[],
  sendAt?: string,
): void {
  const now = serverClock.now();
  for (const piece of answering(threadId, piecesOf(text, files))) {
    outbox.add({ key: newKey(), threadId, createdAt: now, sendAt, ...piece });
  }
  clearRefusal(threadId);
  new Tray(agentId, threadId).handOver();
  draftsOf(agentId).set((all) => withText(all, threadId, '', now));
}
