import type { QueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { errorCode } from '../api/problem';
import { type Contact, type ContactField, contacts } from '../api/records';
import { errorText } from '../shared/errorText';
import { clearToast, toast } from '../shared/ui/Toast';
import { recordKeys } from './queries';

/** Writes one property from the version that is shown; told with the offer to take it back. True where it was stored. */
export async function changeContact(
  queryClient: QueryClient,
  t: TFunction,
  contact: Contact,
  field: ContactField,
  value: string | null,
): Promise<boolean> {
  clearToast();
  try {
    const after = await contacts.change(contact.id, { version: contact.version, [field]: value });
    settle(queryClient, after);
    const before = contact[field];
    toast(t('record.saved'), {
      label: t('common.undo'),
      run: () => void changeContact(queryClient, t, after, field, before),
    });
    return true;
  } catch (error) {
    toast(errorText(t, error));
    if (errorCode(error) === 'contact_changed')
      void queryClient.invalidateQueries({ queryKey: recordKeys.root });
    return false;
  }
}

/** Puts a contact's fresh state where it is shown, and has the rest fetched again. */
export function settle(queryClient: QueryClient, contact: Contact): void {
  queryClient.setQueryData(recordKeys.contact(contact.id), contact);
  void queryClient.invalidateQueries({ queryKey: recordKeys.root });
}

/** Does something with contacts that can be taken back. */
export async function act(
  queryClient: QueryClient,
  t: TFunction,
  run: () => Promise<Contact>,
  told: string,
  undo?: (after: Contact) => Promise<Contact>,
): Promise<Contact | null> {
  clearToast();
  try {
    const after = await run();
    settle(queryClient, after);
    toast(
      told,
      undo && {
        label: t('common.undo'),
        run: () => void act(queryClient, t, () => undo(after), t('record.undone')),
      },
    );
    return after;
  } catch (error) {
    toast(errorText(t, error));
    void queryClient.invalidateQueries({ queryKey: recordKeys.root });
    return null;
  }
}
