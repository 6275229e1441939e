import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Deal, dealStages, type RecordChange } from '../api/records';
import { useMe } from '../people/queries';
import { shortDate } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Icon } from '../shared/ui/Icon';
import { Bone, ErrorState } from '../shared/ui/States';
import { clearToast, toast } from '../shared/ui/Toast';
import { useAgents } from '../tickets/queries';
import { PhoneText } from './ContactLinks';
import { type AnyRecord, changeOf, companyKind, dealKind, type Kind, moneyText } from './kinds';
import facts from './Properties.module.css';
import { PropertyField } from './PropertyField';
import { recordKeys, useRecord, useRecordContacts } from './queries';
import styles from './Records.module.css';

export function CompanyPage() {
  return <RecordPage kind={companyKind} />;
}

export function DealPage() {
  return <RecordPage kind={dealKind} />;
}

/** One company or deal: properties edited where they stand, and the contacts that it has to do with. */
function RecordPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const id = useParams({ strict: false }).recordId ?? '';
  const { data: record, error, refetch } = useRecord(kind, id);
  useEffect(() => {
    if (record) document.title = `${record.name} · ${t('app.name')}`;
  }, [record, t]);
  if (error && !record)
    return (
      <ErrorState
        title={t('record.recordFailed')}
        text={errorText(t, error)}
        onRetry={() => void refetch()}
      />
    );
  if (!record) return <Bone width="40%" height={24} />;
  return (
    <>
      <header className={styles.head}>
        <div className={styles.who}>
          <Icon name={kind.icon} size={20} />
          <h1 dir="auto" data-testid="record-title">
            {record.name}
          </h1>
        </div>
      </header>
      <div className={styles.record}>
        <section className={styles.panel} aria-label={t('record.properties')}>
          <h2>{t('record.properties')}</h2>
          <RecordFacts key={record.id} kind={kind} record={record} />
        </section>
        <section className={styles.panel}>
          <h2>{t('record.contacts')}</h2>
          <Contacts kind={kind} id={record.id} />
        </section>
      </div>
    </>
  );
}

function Contacts({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation();
  const { data } = useRecordContacts(kind, id);
  if (data?.length === 0) return <p className={facts.none}>{t('record.noneLinked')}</p>;
  return (
    <ul className={facts.list} data-testid="record-contacts">
      {data?.map((contact) => (
        <li key={contact.id}>
          <Link to="/contacts/$contactId" params={{ contactId: contact.id }}>
            <span dir="auto">{contact.name}</span>
            <small>{contact.phone ? <PhoneText number={contact.phone} /> : contact.email}</small>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function RecordFacts({ kind, record }: { kind: Kind; record: AnyRecord }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const agents = useAgents();
  const queryClient = useQueryClient();
  const editable = agent.role !== 'viewer';
  const values = record as unknown as Record<string, string | number | null>;

  const change = async (from: AnyRecord, what: RecordChange, back: RecordChange): Promise<boolean> => {
    clearToast();
    try {
      const after = await kind.api.change(from.id, { version: from.version, ...what });
      queryClient.setQueryData(recordKeys.record(kind.id, from.id), after);
      void queryClient.invalidateQueries({ queryKey: recordKeys.root });
      toast(t('record.saved'), { label: t('common.undo'), run: () => void change(after, back, what) });
      return true;
    } catch (error) {
      toast(errorText(t, error));
      void queryClient.invalidateQueries({ queryKey: recordKeys.root });
      return false;
    }
  };
  const deal = kind.id === 'deals' ? (record as Deal) : null;
  const shown = (key: string): string | undefined => {
    if (!deal) return undefined;
    if (key === 'amount') return moneyText(deal) ?? undefined;
    if (key === 'closeDate' && deal.closeDate) return shortDate(`${deal.closeDate}T00:00`);
    return undefined;
  };
  return (
    <dl className={facts.facts}>
      {kind.fields.map(({ key, longest, multiline }) =>
        key === 'stage' && deal ? (
          <Chosen
            key={key}
            label={t('record.fields.stage')}
            value={deal.stage}
            editable={editable}
            options={dealStages.map((stage) => ({ value: stage, label: t(`record.stages.${stage}`) }))}
            testId="record-stage"
            onChoose={(stage) => void change(record, { stage }, { stage: deal.stage })}
          />
        ) : (
          <PropertyField
            key={key}
            label={t(`record.fields.${key}`)}
            value={values[key] === null || values[key] === undefined ? null : String(values[key])}
            text={shown(key)}
            type={key === 'closeDate' ? 'date' : undefined}
            longest={longest}
            multiline={multiline}
            editable={editable}
            testId={`record-${key}`}
            onSave={(value) => {
              const before = values[key];
              const what = changeOf(key, value);
              // An amount needs a currency: the account's usual one is the reader's to correct.
              if (key === 'amount' && what.amount != null && !deal?.currency) what.currency = 'JPY';
              return change(record, what, { [key]: before ?? null });
            }}
          />
        ),
      )}
      {deal && (
        <Chosen
          label={t('record.fields.owner')}
          value={deal.owner?.id ?? ''}
          editable={editable}
          options={[
            { value: '', label: t('record.noneLinked') },
            ...agents.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          testId="record-owner"
          onChoose={(id) => void change(record, { ownerId: id || null }, { ownerId: deal.owner?.id ?? null })}
        />
      )}
    </dl>
  );
}

interface ChosenProps {
  label: string;
  value: string;
  editable: boolean;
  options: { value: string; label: string }[];
  testId: string;
  onChoose: (value: string) => void;
}

function Chosen({ label, value, editable, options, testId, onChoose }: ChosenProps) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {editable ? (
          <select
            className={facts.select}
            aria-label={label}
            value={value}
            data-testid={testId}
            onChange={(event) => onChoose(event.target.value)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        ) : (
          <span className={facts.fixed}>{options.find((option) => option.value === value)?.label}</span>
        )}
      </dd>
    </>
  );
}
