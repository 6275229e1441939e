import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field } from '../shared/ui/Field';
import { Icon } from '../shared/ui/Icon';
import { EmptyState, ErrorState } from '../shared/ui/States';
import { Waiting } from './ContactsPage';
import { companyKind, dealKind, type Kind } from './kinds';
import { recordKeys, useRecords } from './queries';
import styles from './Records.module.css';
import { SearchBox } from './SearchBox';

export function CompaniesPage() {
  return <RecordList kind={companyKind} />;
}

export function DealsPage() {
  return <RecordList kind={dealKind} />;
}

/** All companies, or all deals, by name. */
function RecordList({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const { q = '' } = getRouteApi(`/signed-in/records/${kind.id}`).useSearch();
  const navigate = useNavigate();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRecords(
    kind,
    q,
  );
  const [making, setMaking] = useState(false);
  const find = useCallback(
    (text: string) => void navigate({ to: `/${kind.id}`, search: { q: text || undefined }, replace: true }),
    [navigate, kind.id],
  );
  const items = data?.pages.flatMap((page) => page.items);
  const make = agent.role !== 'viewer' && (
    <Button look="primary" onClick={() => setMaking(true)} data-testid="record-new">
      <Icon name="plus" size={16} />
      {t(kind.words.create)}
    </Button>
  );
  return (
    <>
      <header className={styles.head}>
        <h1>{t(kind.words.title)}</h1>
        <SearchBox label={t(kind.words.find)} value={q} onChange={find} />
        {make}
      </header>
      {isPending && <Waiting />}
      {error && !data && (
        <ErrorState title={t('record.failed')} text={errorText(t, error)} onRetry={() => void refetch()} />
      )}
      {items?.length === 0 &&
        (q ? (
          <EmptyState icon="search" title={t('record.foundNone', { q })} text={t('record.foundNoneText')} />
        ) : (
          <EmptyState icon={kind.icon} title={t(kind.words.none)} text={t(kind.words.noneText)}>
            {make}
          </EmptyState>
        ))}
      {items && items.length > 0 && (
        <ul className={styles.rows}>
          {items.map((record) => (
            <li key={record.id}>
              <Link
                to={`/${kind.id}/$recordId`}
                params={{ recordId: record.id }}
                className={styles.row}
                data-testid="record-row"
              >
                <span className={styles.who}>
                  <Icon name={kind.icon} size={20} />
                  <b dir="auto">{record.name}</b>
                </span>
                <span className={styles.soft} dir="auto">
                  {kind.note(t, record)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className={styles.more} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('record.more')}
        </Button>
      )}
      {making && (
        <NewRecordDialog
          kind={kind}
          onClose={() => setMaking(false)}
          onMade={(id) => void navigate({ to: `/${kind.id}/$recordId`, params: { recordId: id } })}
        />
      )}
    </>
  );
}

interface NewProps {
  kind: Kind;
  onClose: () => void;
  onMade: (id: string) => void;
}

/** A company or a deal by its name; the rest is written on its page. */
export function NewRecordDialog({ kind, onClose, onMade }: NewProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const save = async () => {
    try {
      const made = await kind.api.create({ name });
      void queryClient.invalidateQueries({ queryKey: recordKeys.root });
      onMade(made.id);
      onClose();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Dialog title={t(kind.words.create)} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field
          label={t('record.fields.name')}
          value={name}
          maxLength={200}
          required
          dir="auto"
          data-autofocus
          data-testid="record-name"
          problem={problem === null ? null : errorText(t, problem)}
          onChange={(event) => setName(event.target.value)}
        />
        <div className={styles.actions}>
          <Button look="primary" type="submit" data-testid="record-create">
            {t('record.create')}
          </Button>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
