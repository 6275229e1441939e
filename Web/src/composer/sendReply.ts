import type { SendBody } from '../api/types';
import { serverClock } from '../shared/serverClock';
import { type Attachment, type KeptPicture, Tray } from './attachments';
import { draftsOf, withText } from './drafts';
import { newKey, type Outbox } from './outbox';
import { clearRefusal } from './useOutbox';

/** What WhatsApp takes (docs/api.md, Messages). */
export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;

interface Piece {
  body: SendBody;
  text: string;
  picture?: KeptPicture;
  previewUrl: string | null;
}

/** One message for each picture, the text as the first one's caption; else one text message. */
export function piecesOf(text: string, pictures: Attachment[]): Piece[] {
  const trimmed = text.trim();
  if (pictures.length === 0) {
    return [{ body: { type: 'text', text: { body: trimmed } }, text: trimmed, previewUrl: null }];
  }
  return pictures.flatMap(({ name, size, state, previewUrl }, index) => {
    if (state.kind !== 'ready') return [];
    const caption = index === 0 ? trimmed : '';
    const image = caption ? { id: state.mediaId, caption } : { id: state.mediaId };
    const picture = { mediaId: state.mediaId, name, size };
    return [{ body: { type: 'image', image } as const, text: caption, picture, previewUrl }];
  });
}

/** Into the outbox, each under a key of its own; the editor is free for the next reply at once. */
export function sendReply(
  outbox: Outbox,
  agentId: string,
  threadId: string,
  text: string,
  pictures: Attachment[],
): void {
  const now = serverClock.now();
  for (const piece of piecesOf(text, pictures)) {
    outbox.add({ key: newKey(), threadId, createdAt: now, ...piece });
  }
  clearRefusal(threadId);
  new Tray(agentId, threadId).handOver();
  draftsOf(agentId).set((all) => withText(all, threadId, '', now));
}
