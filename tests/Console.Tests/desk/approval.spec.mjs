import { api, connection, expect, test } from '../console.mjs';

test('what somebody in training writes waits for a word: returned with a note, changed, approved from the list', async ({ agent, colleague, customer, phone }) => {
  const emma = (await api('GET', 'people')).items.find((one) => one.email === colleague.email);
  const { page } = agent;
  await page.goto(`${connection().console}/settings/people`);
  await page.getByTestId('person').filter({ hasText: emma.email }).getByRole('button').click();
  await page.getByTestId('person-training').check();
  await page.getByTestId('person-save').click();
  await expect(page.getByTestId('person').filter({ hasText: emma.email })).toContainText('In training');
  try {
    await customer.writes('When is it ready?');
    // Emma's browser learns of it with her next look at herself.
    await colleague.page.reload();
    await expect(colleague.row(customer)).toBeVisible();
    await colleague.opens(customer);
    await expect(colleague.page.getByTestId('composer-send')).toContainText('Send for approval');
    await colleague.answers('whenever');
    const hers = colleague.page.getByTestId('waiting-message');
    await expect(hers).toContainText('Waits for approval');

    await page.goto(connection().console);
    await expect(page.getByTestId('approvals-link')).toContainText(/[1-9]/);
    await expect(agent.row(customer)).toBeVisible();
    await agent.opens(customer);
    const waiting = page.getByTestId('waiting-message');
    await expect(waiting).toContainText('whenever');
    await waiting.getByTestId('waiting-return').click();
    await page.getByTestId('waiting-text').fill('A bit kinder, please');
    await page.getByTestId('waiting-do').click();
    await expect(waiting).toHaveCount(0);
    // She reads why, and goes on with what she had written.
    await expect(hers).toContainText('A bit kinder, please');
    await hers.getByTestId('waiting-edit').click();
    await expect(colleague.page.getByTestId('composer-input')).toHaveValue('whenever');
    await expect(hers).toHaveCount(0);

    await colleague.answers('It is ready on friday');
    await waiting.getByTestId('waiting-change').click();
    await page.getByTestId('waiting-text').fill('It is ready on Friday.');
    await page.getByTestId('waiting-do').click();
    await expect(agent.message('It is ready on Friday.')).toHaveAttribute('data-status', /delivered|read/);
    await expect(agent.message('It is ready on Friday.')).toContainText('Changed and approved by');
    await expect(agent.message('It is ready on Friday.')).toContainText(colleague.name);
    await expect(waiting).toHaveCount(0);

    await colleague.answers('See you then!');
    await expect(hers).toContainText('See you then!');
    await page.getByTestId('approvals-link').click();
    const listed = page.getByTestId('approval').filter({ hasText: 'See you then!' });
    await listed.getByTestId('waiting-approve').click();
    await expect(listed).toHaveCount(0);
    await expect(colleague.message('See you then!')).toHaveAttribute('data-status', /delivered|read/);
    await phone.opens();
    await expect(phone.bubble('See you then!')).toBeVisible();
    await expect(phone.bubble('whenever')).toHaveCount(0);
  } finally {
    await api('PATCH', `people/${emma.id}`, { inTraining: false });
  }
});
