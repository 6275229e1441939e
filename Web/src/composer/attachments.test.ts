// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { type Attachment, attachmentsOf, keptOf, Tray, withKept } from './attachments';
import { piecesOf } from './sendReply';

describe('pictures beside a draft', () => {
  const picture = (mediaId: string): Attachment => ({
    id: `local-${mediaId}`,
    kind: 'image',
    name: `${mediaId}.png`,
    size: 3,
    file: new Blob(['abc']),
    previewUrl: `blob:${mediaId}`,
    state: { kind: 'ready', mediaId },
  });
  const uploading: Attachment = { ...picture('c'), state: { kind: 'uploading', share: 0.5 } };

  it('come back after a reload in their order, from the server; one still on its way does not', () => {
    const kept = keptOf({ t1: [picture('a'), uploading, picture('b')], t2: [uploading] });
    expect(kept).toEqual({
      t1: [
        { kind: 'image', mediaId: 'a', name: 'a.png', size: 3 },
        { kind: 'image', mediaId: 'b', name: 'b.png', size: 3 },
      ],
    });
    const back = withKept({}, kept).t1 ?? [];
    expect(back.map(({ name, previewUrl, state }) => [name, previewUrl, state])).toEqual([
      ['a.png', '/api/v1/media/a', { kind: 'ready', mediaId: 'a' }],
      ['b.png', '/api/v1/media/b', { kind: 'ready', mediaId: 'b' }],
    ]);
    expect(piecesOf('look', back).map(({ body }) => body)).toEqual([
      { type: 'image', image: { id: 'a', caption: 'look' } },
      { type: 'image', image: { id: 'b' } },
    ]);
  });

  it('follow another tab: what it sent or removed goes, what is on its way here stays', () => {
    const here = { t1: [picture('a'), uploading] };
    const there = { t1: [{ kind: 'image' as const, mediaId: 'b', name: 'b.png', size: 3 }] };
    const both = withKept(here, there).t1 ?? [];
    expect(both.map(({ previewUrl }) => previewUrl)).toEqual(['/api/v1/media/b', 'blob:c']);
    expect(withKept(here, keptOf(here))).toEqual(here);
    expect(withKept({ t1: [picture('a')] }, {})).toEqual({});
  });

  it('are the agent’s own, and come back where their message was refused', () => {
    const tray = new Tray('agent-1', 't1');
    tray.attach([new File(['new'], 'new.png')], ((key: string) => key) as never);
    tray.putBack({ kind: 'image', mediaId: 'a', name: 'a.png', size: null });
    tray.putBack({ kind: 'image', mediaId: 'b', name: 'b.png', size: null });
    expect(
      attachmentsOf('agent-1')
        .get()
        .t1?.map(({ name }) => name),
    ).toEqual(['a.png', 'b.png', 'new.png']);
    expect(attachmentsOf('agent-2').get()).toEqual({});
    expect(JSON.parse(localStorage.getItem('threadkeep.pictures.agent-1') ?? '')).toEqual({
      t1: [
        { kind: 'image', mediaId: 'a', name: 'a.png', size: null },
        { kind: 'image', mediaId: 'b', name: 'b.png', size: null },
      ],
    });
    tray.handOver();
    expect(attachmentsOf('agent-1').get()).toEqual({});
  });
});
