import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Contact, type ContactField, contactFields } from '../api/records';
import { usePhone } from '../contact/phone';
import { useMe } from '../people/queries';
import { changeContact } from './change';
import styles from './Properties.module.css';
import { PropertyField } from './PropertyField';

const LONGEST: Partial<Record<ContactField, number>> = {
  note: 10_000,
  email: 254,
  honorific: 30,
  timeZone: 60,
};

/** A contact's properties, each edited where it stands by whoever may. */
export function ContactFacts({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const { account, agent } = useMe();
  const queryClient = useQueryClient();
  const phone = usePhone(contact.phone?.slice(1) ?? null, account.country);
  const mobile = usePhone(contact.mobilePhone?.slice(1) ?? null, account.country);
  const shown: Partial<Record<ContactField, string | undefined>> = {
    phone: phone?.text,
    mobilePhone: mobile?.text,
    language: contact.language ? languageName(contact.language) : undefined,
  };
  return (
    <dl className={styles.facts}>
      {contactFields.map((field) => (
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
      <dt>{t('contact.profile')}</dt>
      <dd>
        <span className={styles.fixed} dir="auto">
          {contact.profileName ?? t('record.nothing')}
        </span>
      </dd>
    </dl>
  );
}

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
