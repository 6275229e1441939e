import type { TFunction } from 'i18next';
import { mediaUrl, uploadMedia } from '../api/upload';
import { readStored, writeStored } from '../shared/storage';
import { createStore, type Store, useStore } from '../shared/store';
import { toast } from '../shared/ui/Toast';
import { type FileKind, inspect, MOST_FILES, type Verdict } from './files';
import { newKey } from './outbox';
import { shrink } from './pictures';
import type { Recording } from './voice/recorder';

/** A file that the server has, as it is kept with the draft. */
export interface KeptFile {
  kind: FileKind;
  mediaId: string;
  name: string;
  /** Bytes; null where nobody knows any more. */
  size: number | null;
}

/** A file beside the draft. Uploaded as soon as it is attached, so that sending does not wait. */
export interface Attachment {
  id: string;
  kind: FileKind;
  name: string;
  size: number | null;
  /** Null once it has come back from a reload: then the server has it, and only the server. */
  file: Blob | null;
  previewUrl: string;
  state:
    | { kind: 'uploading'; share: number }
    | { kind: 'ready'; mediaId: string }
    | { kind: 'failed'; error: unknown }
    | { kind: 'unfit'; fault: 'type' | 'size'; mendable: boolean }
    | { kind: 'shrinking' }
    | { kind: 'unreadable' };
}

export type Trays = Record<string, Attachment[]>;
export type KeptTrays = Record<string, KeptFile[]>;

/** What outlives the page: the uploaded ones. Browsers keep no files over a reload. */
export function keptOf(trays: Trays): KeptTrays {
  const kept: KeptTrays = {};
  for (const [threadId, items] of Object.entries(trays)) {
    const ready = items.flatMap(({ kind, name, size, state }) =>
      state.kind === 'ready' ? [{ kind, mediaId: state.mediaId, name, size }] : [],
    );
    if (ready.length > 0) kept[threadId] = ready;
  }
  return kept;
}

/**
 * The trays that go with what is kept now: after a reload, or when another tab has changed it. Whatever this
 * page is still busy with stays; a file that it knows keeps its local preview.
 */
export function withKept(trays: Trays, kept: KeptTrays): Trays {
  const next: Trays = {};
  for (const threadId of new Set([...Object.keys(trays), ...Object.keys(kept)])) {
    const own = trays[threadId] ?? [];
    const known = new Map(
      own.map((item) => [item.state.kind === 'ready' ? item.state.mediaId : item.id, item]),
    );
    const items = [
      ...(kept[threadId] ?? []).map((file) => known.get(file.mediaId) ?? restored(file)),
      ...own.filter(({ state }) => state.kind !== 'ready'),
    ];
    if (items.length > 0) next[threadId] = items;
  }
  return next;
}

/** What was kept before there were other files than pictures has no kind. */
function restored({ kind = 'image', mediaId, name, size }: KeptFile): Attachment {
  const state = { kind: 'ready', mediaId } as const;
  return { id: newKey(), kind, name, size, file: null, previewUrl: mediaUrl(mediaId), state };
}

const stores = new Map<string, Store<Trays>>();

/** Per agent and thread, as drafts are: whoever signs in next on this machine must not find them. */
export function attachmentsOf(agentId: string): Store<Trays> {
  let store = stores.get(agentId);
  if (!store) {
    const key = `threadkeep.pictures.${agentId}`;
    const stored = () => readStored<KeptTrays>(key) ?? {};
    store = createStore(withKept({}, stored()));
    const created = store;
    created.subscribe(() => writeStored(key, keptOf(created.get())));
    window.addEventListener('storage', (event) => {
      if (event.key === key) created.set((trays) => withKept(trays, stored()));
    });
    stores.set(agentId, store);
  }
  return store;
}

const none: Attachment[] = [];

export function useAttachments(agentId: string, threadId: string): Attachment[] {
  return useStore(attachmentsOf(agentId))[threadId] ?? none;
}

const uploads = new Map<string, AbortController>();

/** One thread's files: what can be done with them. */
export class Tray {
  constructor(
    private readonly agentId: string,
    private readonly threadId: string,
  ) {}

  attach(files: File[], t: TFunction): void {
    const room = MOST_FILES - this.items().length;
    if (files.length > room) toast(t('attach.tooMany', { count: MOST_FILES }));
    for (const file of files.slice(0, room)) {
      const attachment: Attachment = {
        id: newKey(),
        kind: 'document',
        name: file.name,
        size: file.size,
        file,
        previewUrl: URL.createObjectURL(file),
        state: { kind: 'uploading', share: 0 },
      };
      this.set((items) => [...items, attachment]);
      void this.begin(attachment, file);
    }
  }

  /** What was just spoken. */
  attachRecording({ file, kind }: Recording, name: string, t: TFunction): void {
    if (this.items().length >= MOST_FILES) {
      toast(t('attach.tooMany', { count: MOST_FILES }));
      return;
    }
    const attachment: Attachment = {
      id: newKey(),
      kind,
      name,
      size: file.size,
      file,
      previewUrl: URL.createObjectURL(file),
      state: { kind: 'uploading', share: 0 },
    };
    this.set((items) => [...items, attachment]);
    void this.upload(attachment);
  }

  /** A file whose message was refused comes back, behind others that did and in front of what was attached since. */
  putBack(file: KeptFile): void {
    this.set((items) => {
      const since = items.findIndex((item) => item.file !== null);
      const at = since < 0 ? items.length : since;
      return [...items.slice(0, at), restored(file), ...items.slice(at)];
    });
  }

  async upload({ id, kind, name, file }: Attachment): Promise<void> {
    if (!file) return;
    const controller = new AbortController();
    uploads.set(id, controller);
    this.change(id, { state: { kind: 'uploading', share: 0 } });
    try {
      const progress = (share: number) => this.change(id, { state: { kind: 'uploading', share } });
      const done = await uploadMedia(file, { kind, name }, progress, controller.signal);
      this.change(id, { kind: done.as, state: { kind: 'ready', mediaId: done.id } });
    } catch (error) {
      this.change(id, { state: { kind: 'failed', error } });
    } finally {
      uploads.delete(id);
    }
  }

  /** Makes an unfit picture fit, then uploads it. */
  async makeFit(attachment: Attachment): Promise<void> {
    if (!attachment.file) return;
    this.change(attachment.id, { state: { kind: 'shrinking' } });
    const file = await shrink(attachment.file);
    if (!file) {
      this.change(attachment.id, { state: { kind: 'unreadable' } });
      return;
    }
    this.change(attachment.id, { file, size: file.size });
    await this.upload({ ...attachment, file });
  }

  detach(attachment: Attachment): void {
    uploads.get(attachment.id)?.abort();
    URL.revokeObjectURL(attachment.previewUrl);
    this.set((items) => items.filter((other) => other.id !== attachment.id));
  }

  /** They go into the outbox, which keeps their previews. */
  handOver(): void {
    this.set(() => []);
  }

  private async begin(attachment: Attachment, file: File): Promise<void> {
    const { kind, fault, mendable }: Verdict = await inspect(file);
    if (fault) this.change(attachment.id, { kind, state: { kind: 'unfit', fault, mendable } });
    else {
      this.change(attachment.id, { kind });
      await this.upload({ ...attachment, kind });
    }
  }

  private items(): Attachment[] {
    return attachmentsOf(this.agentId).get()[this.threadId] ?? none;
  }

  private set(next: (items: Attachment[]) => Attachment[]): void {
    attachmentsOf(this.agentId).set(({ [this.threadId]: items = none, ...others }) => {
      const after = next(items);
      return after.length > 0 ? { ...others, [this.threadId]: after } : others;
    });
  }

  private change(id: string, part: Partial<Attachment>): void {
    this.set((items) => items.map((other) => (other.id === id ? { ...other, ...part } : other)));
  }
}
