import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Contact, type ContactField, contactFields } from '../api/records';
import { usePhone } from '../contact/phone';
import { useMe } from '../people/queries';
import { Button } from '../shared/ui/Button';
import { changeContact } from './change';
import styles from './Properties.module.css';
import { PropertyField } from './PropertyField';

const LONGEST: Partial<Record<ContactField, number>> = {
  note: 10_000,
  email: 254,
  honorific: 30,
  timeZone: 60,
};

/** Where there is little room: what one looks for first, and whatever is filled in. */
const first: ContactField[] = ['familyName', 'givenName'];

/** A contact's properties, each edited where it stands by whoever may. */
export function ContactFacts({ contact, short = false }: { contact: Contact; short?: boolean }) {
  const { t } = useTranslation();
  const { account, agent } = useMe();
  const queryClient = useQueryClient();
  const phone = usePhone(contact.phone?.slice(1) ?? null, account.country);
  const mobile = usePhone(contact.mobilePhone?.slice(1) ?? null, account.country);
  const [all, setAll] = useState(!short);
  const fields = contactFields.filter((field) => all || first.includes(field) || contact[field] !== null);
  const shown: Partial<Record<ContactField, string | undefined>> = {
    phone: phone?.text,
    mobilePhone: mobile?.text,
    language: contact.language ? languageName(contact.language) : undefined,
  };
  return (
    <>
      <dl className={styles.facts}>
        {fields.map((field) => (
          <PropertyField
            key={field}
            label={t(`record.fields.${field}`)}
            value={contact[field]}
            text={shown[field]}
            lang={field.endsWith('Reading') ? 'ja' : undefined}
            longest={LONGEST[field] ?? 100}
            multiline={field === 'note'}
            editable={agent.role !== 'viewer'}
            testId={`contact-${field}`}
            onSave={(value) => changeContact(queryClient, t, contact, field, value)}
          />
        ))}
        {!short && (
          <>
            <dt>{t('contact.profile')}</dt>
            <dd>
              <span className={styles.fixed} dir="auto">
                {contact.profileName ?? t('record.nothing')}
              </span>
            </dd>
          </>
        )}
      </dl>
      {short && fields.length < contactFields.length + Number(all) && (
        <Button
          look="link"
          className={styles.all}
          aria-expanded={all}
          data-testid="contact-all"
          onClick={() => setAll(!all)}
        >
          {t(all ? 'record.fewer' : 'record.all')}
        </Button>
      )}
    </>
  );
}

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
