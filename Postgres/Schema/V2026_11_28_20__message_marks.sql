-- evolve-tx-off
-- What was said about a message afterwards: reactions to it, its new text, that it was taken back. Few rows beside the messages themselves.
create index concurrently if not exists messages_marks on threadkeep.messages (account_id, thread_id, context_wamid)
    where type in ('reaction', 'edit', 'revoke');
