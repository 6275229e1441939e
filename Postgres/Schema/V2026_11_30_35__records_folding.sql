-- What records are found and ordered by, folded as search folds from now on (ADR 096): the index of messages and customers is folded anew by
-- the indexer, records here, because nothing but their words hangs on it.
update threadkeep.contacts
set search_text = replace(replace(search_text, '〜', '~'), 'ß', 'ss'), sort_key = replace(replace(sort_key, '〜', '~'), 'ß', 'ss')
where search_text like '%〜%' or search_text like '%ß%' or sort_key like '%〜%' or sort_key like '%ß%';

update threadkeep.companies
set search_text = replace(replace(search_text, '〜', '~'), 'ß', 'ss'), sort_key = replace(replace(sort_key, '〜', '~'), 'ß', 'ss')
where search_text like '%〜%' or search_text like '%ß%' or sort_key like '%〜%' or sort_key like '%ß%';

update threadkeep.deals
set search_text = replace(replace(search_text, '〜', '~'), 'ß', 'ss'), sort_key = replace(replace(sort_key, '〜', '~'), 'ß', 'ss')
where search_text like '%〜%' or search_text like '%ß%' or sort_key like '%〜%' or sort_key like '%ß%';
