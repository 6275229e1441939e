import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type BuiltIn,
  builtIn,
  type Caught,
  type ContentRules,
  contentRules,
  type Effect,
  effects,
  type OwnRule,
} from '../api/quarantine';
import { ruleText } from '../quarantine/hidden';
import own from '../quarantine/Quarantine.module.css';
import { exact, number } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Field, SelectField } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { Icon } from '../shared/ui/Icon';
import { Bone, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import styles from './SettingsPage.module.css';

const key = ['content-rules'];

/** What is hidden of what customers write. */
export function ContentPage() {
  const { t } = useTranslation();
  const rules = useQuery({ queryKey: key, queryFn: ({ signal }) => contentRules.get(signal) });
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('quarantine.page.title')}</h1>
          <p>{t('quarantine.page.lead')}</p>
        </div>
      </header>
      {rules.isPending && <Bone width="50%" />}
      {rules.error && (
        <ErrorState
          title={t('quarantine.page.failed')}
          text={errorText(t, rules.error)}
          onRetry={() => void rules.refetch()}
        />
      )}
      {rules.data && <Form key={rules.data.version} rules={rules.data} />}
    </>
  );
}

/** Lists stand in one line each, parts divided by commas. */
const listed = (parts: (string | number)[]) => parts.join(', ');
const parts = (text: string) => text.split(/[,、，\n]/).map((part) => part.trim());
const filled = (text: string) => parts(text).filter(Boolean);

function Form({ rules }: { rules: ContentRules }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(rules);
  const [lists, setLists] = useState({
    ownDomains: listed(rules.ownDomains),
    blockedDomains: listed(rules.blockedDomains),
    errorCodes: listed(rules.errorCodes),
  });
  const whole = (): ContentRules => ({
    ...draft,
    ownDomains: filled(lists.ownDomains),
    blockedDomains: filled(lists.blockedDomains),
    errorCodes: filled(lists.errorCodes)
      .map(Number)
      .filter((code) => Number.isInteger(code)),
  });
  const save = useMutation({
    mutationFn: () => contentRules.change(whole()),
    onSuccess: (saved) => {
      queryClient.setQueryData(key, saved);
      toast(t('settings.saved'));
    },
  });
  const test = useMutation({ mutationFn: () => contentRules.test(whole()) });
  const problem = save.error ?? test.error;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className={own.rules}>
        {builtIn.map((id) => (
          <EffectField
            key={id}
            id={id}
            value={draft[id]}
            onChange={(effect) => setDraft({ ...draft, [id]: effect })}
          />
        ))}
      </div>
      {(['ownDomains', 'blockedDomains', 'errorCodes'] as const).map((id) => (
        <Field
          key={id}
          label={t(`quarantine.lists.${id}`)}
          hint={t(`quarantine.lists.${id}Hint`)}
          value={lists[id]}
          data-testid={`content-${id}`}
          onChange={(event) => setLists({ ...lists, [id]: event.target.value })}
        />
      ))}
      <OwnRules rules={draft.own} onChange={(changed) => setDraft({ ...draft, own: changed })} />
      {problem && <Problem>{errorText(t, problem)}</Problem>}
      <div className={styles.actions}>
        <Button disabled={test.isPending} data-testid="content-test" onClick={() => test.mutate()}>
          {t('quarantine.page.test')}
        </Button>
        <Button look="primary" type="submit" disabled={save.isPending} data-testid="content-save">
          {t('settings.save')}
        </Button>
      </div>
      {test.data && <Result looked={test.data.looked} caught={test.data.caught} />}
    </form>
  );
}

function EffectField(props: { id: BuiltIn; value: Effect; onChange: (effect: Effect) => void }) {
  const { t } = useTranslation();
  const { id, value, onChange } = props;
  return (
    <SelectField
      label={t(`quarantine.builtIn.${id}`)}
      hint={t(`quarantine.builtIn.${id}Hint`)}
      value={value}
      data-testid={`content-${id}`}
      onChange={(event) => onChange(event.target.value as Effect)}
    >
      {effects
        .filter((effect) => id !== 'executables' || effect !== 'mask')
        .map((effect) => (
          <option key={effect} value={effect}>
            {t(`quarantine.effects.${effect}`)}
          </option>
        ))}
    </SelectField>
  );
}

function OwnRules({ rules, onChange }: { rules: OwnRule[]; onChange: (rules: OwnRule[]) => void }) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<OwnRule>) =>
    onChange(rules.map((rule, n) => (n === at ? { ...rule, ...part } : rule)));
  return (
    <section className={own.section} aria-labelledby="own-rules">
      <h2 id="own-rules">{t('quarantine.own.title')}</h2>
      {rules.map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a new rule has no name yet; its place is its name.
        <div key={at} className={own.own} data-testid="own-rule">
          <Field
            label={t('quarantine.own.name')}
            value={rule.name}
            required
            maxLength={80}
            data-testid="own-rule-name"
            onChange={(event) => change(at, { name: event.target.value })}
          />
          <Field
            label={t(rule.pattern === null ? 'quarantine.own.words' : 'quarantine.own.pattern')}
            value={rule.pattern ?? listed(rule.words)}
            required
            data-testid="own-rule-words"
            onChange={(event) =>
              change(
                at,
                rule.pattern === null
                  ? { words: parts(event.target.value) }
                  : { pattern: event.target.value },
              )
            }
          />
          <SelectField
            label={t('quarantine.own.effect')}
            value={rule.effect}
            onChange={(event) => change(at, { effect: event.target.value as Effect })}
          >
            {effects.map((effect) => (
              <option key={effect} value={effect}>
                {t(`quarantine.effects.${effect}`)}
              </option>
            ))}
          </SelectField>
          <IconButton
            icon="trash"
            label={t('quarantine.own.remove', { name: rule.name })}
            onClick={() => onChange(rules.filter((_, n) => n !== at))}
          />
        </div>
      ))}
      <div className={styles.actions}>
        <Button
          data-testid="own-rule-add"
          onClick={() => onChange([...rules, { name: '', words: [], pattern: null, effect: 'mark' }])}
        >
          <Icon name="plus" size={16} />
          {t('quarantine.own.addWords')}
        </Button>
        <Button onClick={() => onChange([...rules, { name: '', words: [], pattern: '', effect: 'mark' }])}>
          <Icon name="plus" size={16} />
          {t('quarantine.own.addPattern')}
        </Button>
      </div>
    </section>
  );
}

/** What the rules would have caught: counts, and the first of each. */
function Result({ looked, caught }: { looked: number; caught: Caught[] }) {
  const { t } = useTranslation();
  return (
    <section className={own.section} aria-live="polite" data-testid="content-result">
      <h2>{t('quarantine.page.result', { count: looked, shown: number(looked) })}</h2>
      {caught.length === 0 && <p className={styles.lead}>{t('quarantine.page.nothing')}</p>}
      {caught.map(({ rule, effect, count, samples }) => (
        <div key={rule} data-testid="content-caught">
          <b>
            {ruleText(t, rule)}: {number(count)} · {t(`quarantine.effects.${effect}`)}
          </b>
          <ul className={own.samples}>
            {samples.map((sample) => (
              <li key={sample.messageId}>
                <Link
                  to="/inbox/$view/$threadId"
                  params={{ view: 'open', threadId: sample.threadId }}
                  search={{ message: sample.messageId }}
                >
                  {exact(sample.at)}
                </Link>{' '}
                <span dir="auto">{sample.hidden ? t('quarantine.text') : sample.text}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
