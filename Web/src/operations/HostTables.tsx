import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ApiHost, Silo, WriterFigures } from '../api/types';
import { duration, fileSize, measured, number, toTheSecond } from '../shared/dates';
import styles from './HostTables.module.css';
import { siloLevel } from './health';

/** Every silo of the last day; each of its two writers has a line of its own. On a phone a line becomes a card. */
export function SiloTable({ silos, now }: { silos: Silo[]; now: number }) {
  const { t } = useTranslation();
  const titles = {
    silo: t('ops.silo'),
    since: t('ops.since'),
    cpu: t('ops.cpu'),
    memory: t('ops.memory'),
    writer: t('ops.writer'),
    waiting: t('ops.waiting'),
    commits: t('ops.commits'),
    batch: t('ops.batch'),
    commit: t('ops.commit'),
  };
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {Object.entries(titles).map(([key, title]) => (
              <th key={key} scope="col" className={isNumber(key) ? styles.number : undefined}>
                {title}
                {(key === 'batch' || key === 'commit') && <small>{t('ops.p50p99')}</small>}
              </th>
            ))}
          </tr>
        </thead>
        {silos.map((silo) => (
          <tbody key={`${silo.address} ${silo.startedAt}`} data-testid="ops-silo" data-state={silo.state}>
            {(silo.figures?.writers ?? [null]).map((writer, n) => (
              <tr key={writer?.name ?? 'none'} className={n > 0 ? styles.second : undefined}>
                {n === 0 && (
                  <>
                    <th scope="rowgroup" rowSpan={silo.figures?.writers.length ?? 1}>
                      <span className={`${styles.state} ${styles[stateClass(silo)]}`} aria-hidden="true" />
                      <span className={styles.address}>{silo.address}</span>
                      <small>
                        {silo.state === 'active' && !silo.figures
                          ? t('ops.silent')
                          : t(`ops.state.${silo.state}` as 'ops.state.active')}
                      </small>
                    </th>
                    <Cell title={silo.state === 'dead' ? t('ops.ended') : titles.since} rows={silo}>
                      {silo.state === 'dead'
                        ? toTheSecond(silo.lastSeenAt)
                        : duration((now - Date.parse(silo.startedAt)) / 1000)}
                    </Cell>
                    <Cell title={titles.cpu} rows={silo} hidden={!silo.figures}>
                      {silo.figures ? `${measured(silo.figures.cpuPercent)} %` : ''}
                    </Cell>
                    <Cell title={titles.memory} rows={silo} hidden={!silo.figures}>
                      {silo.figures ? fileSize(silo.figures.memoryBytes) : ''}
                    </Cell>
                  </>
                )}
                {writer ? (
                  <Writer writer={writer} titles={titles} />
                ) : (
                  <td colSpan={5} className={styles.empty} />
                )}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Writer({ writer, titles }: { writer: WriterFigures; titles: Record<string, string> }) {
  const { t } = useTranslation();
  return (
    <>
      <td data-title={titles.writer} className={styles.writer}>
        {t(`ops.writers.${writer.name}` as 'ops.writers.threads')}
        {writer.turnedAwayPerSecond > 0 && (
          <small className={styles.warning}>
            {t('ops.turnedAway', { value: measured(writer.turnedAwayPerSecond) })}
          </small>
        )}
      </td>
      <td data-title={titles.waiting} className={styles.number}>
        {number(writer.waiting)}
      </td>
      <td data-title={titles.commits} className={styles.number}>
        {measured(writer.perSecond)}
      </td>
      <td data-title={titles.batch} className={styles.number}>
        {pair(writer.batchP50, writer.batchP99, (value) => number(Math.round(value)))}
      </td>
      <td data-title={titles.commit} className={styles.number}>
        {pair(writer.commitP50, writer.commitP99, (value) => milliseconds(t, value))}
      </td>
    </>
  );
}

export function ApiHostTable({ hosts, now }: { hosts: ApiHost[]; now: number }) {
  const { t } = useTranslation();
  const titles = {
    host: t('ops.host'),
    since: t('ops.since'),
    cpu: t('ops.cpu'),
    memory: t('ops.memory'),
    acknowledged: t('ops.acknowledged'),
    repeat: t('ops.repeat'),
    answer: t('ops.answer'),
    consoles: t('ops.consoles'),
  };
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {Object.entries(titles).map(([key, title]) => (
              <th key={key} scope="col" className={isNumber(key) ? styles.number : undefined}>
                {title}
                {key === 'answer' && <small>{t('ops.p50p99')}</small>}
              </th>
            ))}
          </tr>
        </thead>
        {hosts.map((host) => (
          <tbody key={host.name} data-testid="ops-api-host">
            <tr>
              <th scope="row">
                <span className={`${styles.state} ${styles.active}`} aria-hidden="true" />
                <span className={styles.address}>{host.name}</span>
              </th>
              <td data-title={titles.since} className={styles.number}>
                {duration((now - Date.parse(host.startedAt)) / 1000)}
              </td>
              <td data-title={titles.cpu} className={styles.number}>
                {measured(host.cpuPercent)} %
              </td>
              <td data-title={titles.memory} className={styles.number}>
                {fileSize(host.memoryBytes)}
              </td>
              <td data-title={titles.acknowledged} className={styles.number}>
                {measured(host.webhooks.acknowledgedPerSecond)}
              </td>
              <td data-title={titles.repeat} className={styles.number}>
                {measured(host.webhooks.tryAgainPerSecond)}
              </td>
              <td data-title={titles.answer} className={styles.number}>
                {pair(host.webhooks.p50, host.webhooks.p99, (value) => milliseconds(t, value))}
              </td>
              <td data-title={titles.consoles} className={styles.number}>
                {number(host.feed.browsers)}
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Cell(props: { title: string; rows: Silo; hidden?: boolean; children: string }) {
  return (
    <td
      data-title={props.title}
      className={`${styles.number} ${props.hidden ? styles.empty : ''}`}
      rowSpan={props.rows.figures?.writers.length ?? 1}
    >
      {props.children}
    </td>
  );
}

const isNumber = (column: string) => column !== 'silo' && column !== 'host' && column !== 'writer';

function stateClass(silo: Silo): 'active' | 'warn' | 'bad' | 'ended' {
  if (silo.state === 'dead') return 'ended';
  const level = siloLevel(silo);
  return level === 'fine' ? 'active' : level;
}

function milliseconds(t: TFunction, value: number): string {
  return t('ops.ms', { value: measured(value) });
}

function pair(p50: number | null, p99: number | null, text: (value: number) => string): string {
  return p50 === null || p99 === null ? '–' : `${text(p50)} / ${text(p99)}`;
}
