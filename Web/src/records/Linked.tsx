import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Menu } from '../shared/ui/Menu';
import { clearToast, toast } from '../shared/ui/Toast';
import type { AnyRecord, Kind } from './kinds';
import styles from './Properties.module.css';
import { recordKeys, useLinked } from './queries';

/** Companies or deals that a contact has to do with; others are found, or made by their name. */
export function Linked({ kind, contactId }: { kind: Kind; contactId: string }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const queryClient = useQueryClient();
  const { data } = useLinked(kind, contactId);
  const editable = agent.role !== 'viewer';

  const set = async (record: Pick<AnyRecord, 'id' | 'name'>, linked: boolean): Promise<void> => {
    clearToast();
    try {
      await (linked ? kind.api.link(contactId, record.id) : kind.api.unlink(contactId, record.id));
      toast(t(linked ? 'record.linked' : 'record.unlinked'), {
        label: t('common.undo'),
        run: () => void set(record, !linked),
      });
    } catch (error) {
      toast(errorText(t, error));
    }
    void queryClient.invalidateQueries({ queryKey: recordKeys.root });
  };
  return (
    <>
      {data?.length === 0 && <p className={styles.none}>{t('record.noneLinked')}</p>}
      <ul className={styles.list} data-testid={`linked-${kind.id}`}>
        {data?.map((record) => (
          <li key={record.id}>
            <Link to={`/${kind.id}/$recordId`} params={{ recordId: record.id }}>
              <span dir="auto">{record.name}</span>
              <small dir="auto">{kind.note(t, record)}</small>
            </Link>
            {editable && (
              <IconButton
                icon="close"
                size={14}
                label={t('record.unlink', { name: record.name })}
                onClick={() => void set(record, false)}
              />
            )}
          </li>
        ))}
      </ul>
      {editable && <Pick kind={kind} known={data ?? []} onPick={(record) => void set(record, true)} />}
    </>
  );
}

interface PickProps {
  kind: Kind;
  known: AnyRecord[];
  onPick: (record: Pick<AnyRecord, 'id' | 'name'>) => void;
}

function Pick({ kind, known, onPick }: PickProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { data } = useQuery({
    queryKey: recordKeys.recordList(kind.id, '/all'),
    queryFn: async ({ signal }): Promise<AnyRecord[]> => (await kind.api.list({ limit: 200 }, signal)).items,
    enabled: open,
  });
  const make = async (name: string) => {
    try {
      // One that stands beyond the first 200 has the name already.
      const found = (await kind.api.list({ q: name, limit: 20 })).items as AnyRecord[];
      onPick(found.find((record) => record.name === name) ?? (await kind.api.create({ name })));
    } catch (error) {
      toast(errorText(t, error));
    }
  };
  return (
    <>
      <Button
        ref={button}
        look="link"
        className={styles.more}
        aria-haspopup="listbox"
        aria-expanded={open}
        data-testid={`link-${kind.id}`}
        onClick={() => setOpen(!open)}
      >
        <Icon name="plus" size={14} />
        {t(kind.words.link)}
      </Button>
      {open && data && (
        <Menu
          anchor={button}
          label={t(kind.words.link)}
          options={data
            .filter(({ id }) => known.every((record) => record.id !== id))
            .map((record) => ({
              key: record.id,
              value: record,
              label: record.name,
              note: kind.note(t, record),
            }))}
          searchable
          onTyped={(name: string) => void make(name)}
          onChoose={onPick}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
