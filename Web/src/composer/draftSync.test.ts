import { describe, expect, it } from 'vitest';
import type { StoredDraft } from '../api/types';
import { merged } from './draftSync';

const at = (second: number) => new Date(Date.UTC(2026, 10, 27, 9, 0, second)).toISOString();
const stored = (
  threadId: string,
  text: string,
  second: number,
  kind: 'reply' | 'note' = 'reply',
): StoredDraft => ({
  threadId,
  kind,
  text,
  basedOn: at(0),
  changedAt: at(second),
});
const local = (text: string, second: number) => ({
  text,
  basedOn: Date.parse(at(0)),
  changedAt: Date.parse(at(second)),
});

describe('drafts of two browsers', () => {
  it('come over where this browser has none, notes beside replies', () => {
    const drafts = merged({}, [stored('t1', 'Hello', 1), stored('t1', 'Careful', 2, 'note')], {});
    expect(drafts.t1?.text).toBe('Hello');
    expect(drafts['note t1']?.text).toBe('Careful');
  });

  it('are the later words, wherever they were written', () => {
    expect(merged({ t1: local('old', 1) }, [stored('t1', 'new', 2)], {}).t1?.text).toBe('new');
    expect(merged({ t1: local('new', 3) }, [stored('t1', 'old', 2)], {}).t1?.text).toBe('new');
  });

  it('are left alone while what was written here is on its way', () => {
    expect(merged({ t1: local('mine', 1) }, [stored('t1', 'other', 9)], { t1: 1 }).t1?.text).toBe('mine');
    expect(merged({}, [stored('t1', 'sent already', 9)], { t1: 1 }).t1).toBeUndefined();
  });

  it('end here too when they were sent elsewhere', () => {
    expect(merged({ t1: local('sent elsewhere', 1) }, [], {}).t1).toBeUndefined();
    expect(merged({ t1: { text: 'of a version before', basedOn: 1 } }, [], {}).t1?.text).toBe(
      'of a version before',
    );
  });
});
