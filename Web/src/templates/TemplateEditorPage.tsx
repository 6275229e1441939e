import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../api/problem';
import {
  type LibraryTemplate,
  type TemplateDraft,
  type TemplateFault,
  templateLibrary,
} from '../api/templateLibrary';
import { useChannels } from '../channels/queries';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field, SelectField, TextField } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { draftOf, emptyDraft, nextVariable, templateOf, valuesOf } from './draft';
import { templateKeys } from './queries';
import { TemplateButtons } from './TemplateButtons';
import { TemplateHeading } from './TemplateHeading';
import { TemplatePreview } from './TemplatePreview';
import styles from './Templates.module.css';
import { TemplateState, useTemplateLibrary } from './TemplatesPage';
import { variablesOf } from './template';

const languages = [
  'en_US',
  'en_GB',
  'ja',
  'pt_BR',
  'pt_PT',
  'es',
  'es_MX',
  'de',
  'fr',
  'it',
  'ko',
  'zh_CN',
  'zh_TW',
  'id',
  'vi',
  'th',
];

/** One template: a new one, or one that Meta has. */
export function TemplateEditorPage() {
  const { t } = useTranslation();
  const { templateId } = useParams({ from: '/signed-in/settings/templates/$templateId' });
  const library = useTemplateLibrary();
  const known = library.data?.find(({ id }) => id === templateId);
  return (
    <>
      <Link to="/settings/templates">{t('templates.library.title')}</Link>
      {library.error && !library.data && (
        <ErrorState
          title={t('templates.errorTitle')}
          text={errorText(t, library.error)}
          onRetry={() => void library.refetch()}
        />
      )}
      {library.isPending && <Bone width="60%" height={120} />}
      {library.data && !known && templateId !== 'new' && (
        <EmptyState
          icon="template"
          title={t('templates.library.gone')}
          text={t('templates.library.goneText')}
        />
      )}
      {library.data && (known || templateId === 'new') && <Editor key={templateId} known={known} />}
    </>
  );
}

function Editor({ known }: { known: LibraryTemplate | undefined }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const channels = useChannels().data ?? [];
  const accounts = [
    ...new Map(
      channels.filter(({ state }) => state === 'connected').map((one) => [one.wabaId, one]),
    ).values(),
  ];
  const [draft, setDraft] = useState<TemplateDraft>(() => (known ? draftOf(known) : emptyDraft));
  const [channel, setChannel] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const channelId = channel ?? accounts[0]?.id ?? '';
  const change = (part: Partial<TemplateDraft>) => setDraft({ ...draft, ...part });
  // The rules are the server's: what it finds is shown beside what is being written, once somebody has tried to hand it in.
  const check = useQuery({
    queryKey: ['template-check', draft],
    queryFn: ({ signal }) => templateLibrary.check(draft, signal),
    enabled: checked,
    placeholderData: (before) => before,
  });
  const faults = checked ? (check.data ?? []) : [];
  const submit = useMutation({
    mutationFn: () =>
      known ? templateLibrary.edit(known.id, draft) : templateLibrary.create(channelId, draft),
    onSuccess: async () => {
      toast(t('templates.library.submitted'));
      await queryClient.invalidateQueries({ queryKey: templateKeys.root });
      await navigate({ to: '/settings/templates' });
    },
    onError: () => setChecked(true),
  });
  const invalid = submit.error instanceof ProblemError && submit.error.code === 'template_invalid';
  const editable = !known || ['APPROVED', 'REJECTED', 'PAUSED'].includes(known.status);
  return (
    <>
      <header className={settings.head}>
        <div>
          <h1>{known ? known.template.name : t('templates.library.new')}</h1>
          <p>{t('templates.library.editorLead')}</p>
        </div>
        {known && (
          <div className={settings.actions}>
            <TemplateState status={known.status} />
            <Remove known={known} />
          </div>
        )}
      </header>
      {known?.reason && <Problem>{known.reason}</Problem>}
      {!editable && <p className={settings.lead}>{t('errors.template_in_review')}</p>}
      <div className={styles.editor}>
        <form
          className={settings.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit.mutate();
          }}
        >
          {!known && accounts.length > 1 && (
            <SelectField
              label={t('templates.library.account')}
              value={channelId}
              onChange={(event) => setChannel(event.target.value)}
            >
              {accounts.map(({ id, name, displayPhoneNumber }) => (
                <option key={id} value={id}>{`${name} (${displayPhoneNumber})`}</option>
              ))}
            </SelectField>
          )}
          <Field
            label={t('templates.library.name')}
            hint={t('templates.library.nameHint')}
            problem={fault(t, faults, 'name')}
            value={draft.name}
            disabled={known !== undefined}
            maxLength={512}
            autoComplete="off"
            data-testid="template-name"
            onChange={(event) => change({ name: event.target.value.toLowerCase().replace(/[\s-]/g, '_') })}
          />
          <SelectField
            label={t('templates.language')}
            value={draft.language}
            disabled={known !== undefined}
            data-testid="template-language"
            onChange={(event) => change({ language: event.target.value })}
          >
            {[...new Set([...languages, draft.language])].map((code) => (
              <option key={code} value={code}>
                {code}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('templates.library.category')}
            hint={t(`templates.library.categoryHint.${draft.category}`, { defaultValue: '' })}
            value={draft.category}
            disabled={known?.status === 'APPROVED'}
            onChange={(event) => change({ category: event.target.value })}
          >
            {[...new Set(['UTILITY', 'MARKETING', draft.category])].map((category) => (
              <option key={category} value={category}>
                {t(`templates.${category}`, { defaultValue: category })}
              </option>
            ))}
          </SelectField>
          <TemplateHeading draft={draft} faults={faults} onChange={change} />
          <Body draft={draft} onChange={change} problem={fault(t, faults, 'body')} />
          <Field
            label={t('templates.library.footer')}
            problem={fault(t, faults, 'footer')}
            value={draft.footer}
            maxLength={60}
            dir="auto"
            data-testid="template-footer"
            onChange={(event) => change({ footer: event.target.value })}
          />
          <Samples draft={draft} faults={faults} onChange={change} />
          <TemplateButtons draft={draft} faults={faults} onChange={change} />
          {submit.error && <Problem>{errorText(t, submit.error)}</Problem>}
          {invalid && faults.length > 0 && <p className={styles.fault}>{t('templates.library.seeAbove')}</p>}
          <div className={settings.actions}>
            <Button
              look="primary"
              type="submit"
              disabled={submit.isPending || !editable || (!known && channelId === '')}
              data-testid="template-submit"
            >
              {t(submit.isPending ? 'templates.library.submitting' : 'templates.library.submit')}
            </Button>
          </div>
        </form>
        <aside className={styles.preview} aria-label={t('templates.preview')}>
          <h2>{t('templates.preview')}</h2>
          <div className={styles.wall}>
            <TemplatePreview
              template={templateOf(draft)}
              values={valuesOf(draft)}
              file={draft.header?.mediaId ? { mediaId: draft.header.mediaId, name: '' } : null}
            />
          </div>
        </aside>
      </div>
    </>
  );
}

type Change = (part: Partial<TemplateDraft>) => void;

export function fault(
  t: ReturnType<typeof useTranslation>['t'],
  faults: TemplateFault[],
  field: string,
): string | null {
  const found = faults.find((one) => one.field === field);
  return found ? t([`templates.fault.${found.code}`, 'templates.fault.other'], { code: found.code }) : null;
}

function Body({
  draft,
  problem,
  onChange,
}: {
  draft: TemplateDraft;
  problem: string | null;
  onChange: Change;
}) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const insert = () => {
    const at = area.current?.selectionStart ?? draft.body.length;
    onChange({ body: draft.body.slice(0, at) + nextVariable(draft) + draft.body.slice(at) });
    area.current?.focus();
  };
  return (
    <TextField
      ref={area}
      label={t('templates.library.body')}
      rows={6}
      value={draft.body}
      maxLength={1024}
      problem={problem}
      data-testid="template-body"
      onChange={(event) => onChange({ body: event.target.value })}
    >
      <div className={styles.under}>
        <Button onClick={insert} data-testid="template-insert">
          {t('templates.library.insert')}
        </Button>
        <span>{t('templates.library.count', { n: draft.body.length, most: 1024 })}</span>
      </div>
    </TextField>
  );
}

/** What stands for each variable while Meta reviews it, and in the preview. */
function Samples({
  draft,
  faults,
  onChange,
}: {
  draft: TemplateDraft;
  faults: TemplateFault[];
  onChange: Change;
}) {
  const { t } = useTranslation();
  const names = variablesOf(draft.body);
  const inHeader = variablesOf(draft.header?.text ?? '').length > 0;
  if (names.length === 0 && !inHeader) return null;
  return (
    <fieldset className={styles.part}>
      <legend>{t('templates.library.samples')}</legend>
      <p className={settings.lead}>{t('templates.library.samplesHint')}</p>
      {[...(inHeader ? ['header'] : []), ...names].map((name) => (
        <Field
          key={name}
          label={name === 'header' ? t('templates.library.header') : name}
          problem={fault(t, faults, `samples.${name}`)}
          value={draft.samples[name] ?? ''}
          dir="auto"
          data-testid={`template-sample-${name}`}
          onChange={(event) => onChange({ samples: { ...draft.samples, [name]: event.target.value } })}
        />
      ))}
    </fieldset>
  );
}

function Remove({ known }: { known: LibraryTemplate }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => templateLibrary.remove(known.id),
    onSuccess: async () => {
      toast(t('templates.library.removed'));
      await navigate({ to: '/settings/templates' });
      await queryClient.invalidateQueries({ queryKey: templateKeys.root });
    },
  });
  return (
    <>
      <Button onClick={() => setAsked(true)} data-testid="template-delete">
        {t('templates.library.delete')}
      </Button>
      {asked && (
        <Dialog
          title={t('templates.library.deleteTitle', { name: known.template.name })}
          lead={t('templates.library.deleteText')}
          onClose={() => setAsked(false)}
        >
          {remove.error && <Problem>{errorText(t, remove.error)}</Problem>}
          <FormFoot>
            <Button onClick={() => setAsked(false)}>{t('settings.cancel')}</Button>
            <Button
              look="primary"
              disabled={remove.isPending}
              onClick={() => remove.mutate()}
              data-testid="template-delete-sure"
            >
              {t('templates.library.delete')}
            </Button>
          </FormFoot>
        </Dialog>
      )}
    </>
  );
}
