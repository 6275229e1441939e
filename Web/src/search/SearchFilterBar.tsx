import { useTranslation } from 'react-i18next';
import { type SearchFilters, ticketStatuses } from '../api/types';
import { useChannels } from '../channels/queries';
import { useMe } from '../people/queries';
import { Button } from '../shared/ui/Button';
import { useAgents } from '../tickets/queries';
import styles from './SearchResults.module.css';

/** Narrows a search down; each filter stands in the address, so that a search can be shared. */
export function SearchFilterBar({
  filters,
  onChange,
}: {
  filters: SearchFilters;
  onChange: (filters: SearchFilters) => void;
}) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const agents = useAgents();
  const channels = useChannels().data ?? [];
  const set = (key: keyof SearchFilters) => (event: { target: { value: string } }) =>
    onChange({ ...filters, [key]: event.target.value || undefined });
  const select = (key: keyof SearchFilters, label: string, options: { value: string; label: string }[]) => (
    <select
      aria-label={label}
      value={filters[key] ?? ''}
      data-set={filters[key] !== undefined}
      data-testid={`search-${key}`}
      onChange={set(key)}
    >
      <option value="">{label}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
  const day = (key: 'since' | 'until') => (
    <label className={styles.day}>
      <span>{t(`search.${key}`)}</span>
      <input
        type="date"
        value={filters[key] ?? ''}
        data-set={filters[key] !== undefined}
        data-testid={`search-${key}`}
        onChange={set(key)}
      />
    </label>
  );
  return (
    <div className={styles.filters} role="group" aria-label={t('search.filters')}>
      {channels.length > 1 &&
        select(
          'channelId',
          t('search.channel'),
          channels.map(({ id, name }) => ({ value: id, label: name })),
        )}
      {select('ownerId', t('ticket.owner'), [
        { value: agent.id, label: t('views.me') },
        { value: 'none', label: t('ticket.nobody') },
        ...agents.filter(({ id }) => id !== agent.id).map(({ id, name }) => ({ value: id, label: name })),
      ])}
      {select(
        'status',
        t('ticket.status'),
        ticketStatuses.map((status) => ({ value: status, label: t(`contact.status.${status}`) })),
      )}
      {select('direction', t('search.direction'), [
        { value: 'inbound', label: t('search.inbound') },
        { value: 'outbound', label: t('search.outbound') },
        { value: 'note', label: t('search.note') },
      ])}
      {select('hasMedia', t('search.media'), [
        { value: 'true', label: t('search.withMedia') },
        { value: 'false', label: t('search.withoutMedia') },
      ])}
      {select('source', t('search.source'), [
        { value: 'other', label: t('search.withoutWhatsApp') },
        { value: 'whatsapp', label: t('search.onlyWhatsApp') },
      ])}
      {day('since')}
      {day('until')}
      {Object.values(filters).some(Boolean) && (
        <Button look="link" onClick={() => onChange({})}>
          {t('search.clearFilters')}
        </Button>
      )}
    </div>
  );
}
