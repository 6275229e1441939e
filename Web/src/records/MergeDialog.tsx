import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Contact, contacts } from '../api/records';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { act } from './change';
import facts from './Properties.module.css';
import { useContacts } from './queries';
import styles from './Records.module.css';
import { SearchBox } from './SearchBox';

/** Finds the contact that this one is. What belongs to this one is then shown with that one, until it is taken back. */
export function MergeDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [q, setQ] = useState('');
  const found = useContacts(q).data?.pages[0]?.items.filter(({ id }) => id !== contact.id);
  const merge = async (id: string) => {
    onClose();
    await act(
      queryClient,
      t,
      () => contacts.merge(contact.id, id),
      t('record.merged'),
      (after) => {
        const merge = after.merges.find(({ contactId }) => contactId === contact.id);
        return merge ? contacts.unmerge(merge.id) : contacts.one(after.id);
      },
    );
  };
  return (
    <Dialog
      title={t('record.mergeTitle', { name: contact.name })}
      lead={t('record.mergeLead')}
      onClose={onClose}
    >
      <div className={styles.picker}>
        <SearchBox label={t('record.findContacts')} value={q} onChange={setQ} />
        {found?.length === 0 && <p className={facts.none}>{t('menu.none')}</p>}
        <ul className={facts.list}>
          {found?.slice(0, 20).map((other) => (
            <li key={other.id} data-testid="merge-candidate">
              <span className={styles.who}>
                <Avatar id={other.id} name={other.name} size="small" />
                <span>
                  <span dir="auto">{other.name}</span>
                  <small>
                    {[other.reading, other.mobilePhone ?? other.phone, other.email]
                      .filter(Boolean)
                      .join(' · ')}
                  </small>
                </span>
              </span>
              <Button onClick={() => void merge(other.id)}>{t('record.isThis')}</Button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
