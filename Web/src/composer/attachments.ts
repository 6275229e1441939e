import type { TFunction } from 'i18next';
import { uploadMedia } from '../api/upload';
import { createStore } from '../shared/store';
import { toast } from '../shared/ui/Toast';
import { newKey } from './outbox';
import { MOST_PICTURES, pictureFault, shrink } from './pictures';

/** A picture beside the draft. Uploaded as soon as it is attached, so that sending does not wait. */
export interface Attachment {
  id: string;
  name: string;
  file: Blob;
  previewUrl: string;
  state:
    | { kind: 'uploading'; share: number }
    | { kind: 'ready'; mediaId: string }
    | { kind: 'failed'; error: unknown }
    | { kind: 'unfit'; fault: 'type' | 'size' }
    | { kind: 'shrinking' }
    | { kind: 'unreadable' };
}

/** By thread; held in memory, since browsers keep no files over a reload. */
export const attachments = createStore<Record<string, Attachment[]>>({});

const uploads = new Map<string, AbortController>();

export function attachFiles(threadId: string, files: File[], t: TFunction): void {
  const room = MOST_PICTURES - (attachments.get()[threadId]?.length ?? 0);
  if (files.length > room) toast(t('attach.tooMany', { count: MOST_PICTURES }));
  for (const file of files.slice(0, room)) {
    const attachment: Attachment = {
      id: newKey(),
      name: file.name,
      file,
      previewUrl: URL.createObjectURL(file),
      state: { kind: 'uploading', share: 0 },
    };
    attachments.set((all) => ({ ...all, [threadId]: [...(all[threadId] ?? []), attachment] }));
    void begin(threadId, attachment);
  }
}

async function begin(threadId: string, attachment: Attachment): Promise<void> {
  const fault = await pictureFault(attachment.file);
  if (fault) change(threadId, attachment.id, { state: { kind: 'unfit', fault } });
  else await upload(threadId, attachment);
}

export async function upload(threadId: string, { id, file }: Attachment): Promise<void> {
  const controller = new AbortController();
  uploads.set(id, controller);
  change(threadId, id, { state: { kind: 'uploading', share: 0 } });
  try {
    const progress = (share: number) => change(threadId, id, { state: { kind: 'uploading', share } });
    const { id: mediaId } = await uploadMedia(file, progress, controller.signal);
    change(threadId, id, { state: { kind: 'ready', mediaId } });
  } catch (error) {
    change(threadId, id, { state: { kind: 'failed', error } });
  } finally {
    uploads.delete(id);
  }
}

/** Makes an unfit picture fit, then uploads it. */
export async function makeFit(threadId: string, attachment: Attachment): Promise<void> {
  change(threadId, attachment.id, { state: { kind: 'shrinking' } });
  const file = await shrink(attachment.file);
  if (!file) {
    change(threadId, attachment.id, { state: { kind: 'unreadable' } });
    return;
  }
  change(threadId, attachment.id, { file });
  await upload(threadId, { ...attachment, file });
}

export function detach(threadId: string, attachment: Attachment): void {
  uploads.get(attachment.id)?.abort();
  URL.revokeObjectURL(attachment.previewUrl);
  attachments.set((all) => ({
    ...all,
    [threadId]: (all[threadId] ?? []).filter((other) => other.id !== attachment.id),
  }));
}

/** They go into the outbox, which keeps their previews. */
export function handOver(threadId: string): void {
  attachments.set(({ [threadId]: _gone, ...others }) => others);
}

function change(threadId: string, id: string, part: Partial<Attachment>): void {
  attachments.set((all) => ({
    ...all,
    [threadId]: (all[threadId] ?? []).map((other) => (other.id === id ? { ...other, ...part } : other)),
  }));
}
