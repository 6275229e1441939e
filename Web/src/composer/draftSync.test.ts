import { describe, expect, it } from 'vitest';
import type { StoredDraft } from '../api/types';
import { merged } from './draftSync';
import { fromOtherTab } from './drafts';

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

describe('drafts of two tabs', () => {
  const draft = (text: string, second: number) => local(text, second);

  it('are the later words of each thread, and only that thread’s', () => {
    const here = { t1: draft('mine', 5), t2: draft('other', 1) };
    expect(fromOtherTab(here, 't2', null, draft('theirs', 2))).toEqual({
      t1: here.t1,
      t2: draft('theirs', 2),
    });
    // A letter that was typed here since is not taken back by what the other tab saw before it.
    expect(fromOtherTab(here, 't1', null, draft('min', 4))).toBe(here);
  });

  it('end where they were sent, unless something else was written here', () => {
    const here = { t1: draft('sent there', 5) };
    expect(fromOtherTab(here, 't1', draft('sent there', 5), null)).toEqual({});
    expect(fromOtherTab(here, 't1', draft('sent', 4), null)).toBe(here);
  });
});
