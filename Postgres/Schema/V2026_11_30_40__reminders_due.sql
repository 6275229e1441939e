-- A silo reads its ranges of the ring every five minutes and keeps what rings within ten (Orleans' RefreshReminderListPeriod and
-- ReminderLoadingWindow). What rings later it would throw away: it is not read (ADR 102). What began already may ring at any moment.

update orleans.orleansquery set querytext = $$
    select grainid, remindername, starttime, period, version
    from orleansreminderstable
    where serviceid = @ServiceId and grainhash > @BeginHash and grainhash <= @EndHash
        and starttime <= now() + interval '15 minutes'
$$ where querykey = 'ReadRangeRows1Key';

update orleans.orleansquery set querytext = $$
    select grainid, remindername, starttime, period, version
    from orleansreminderstable
    where serviceid = @ServiceId and (grainhash > @BeginHash or grainhash <= @EndHash)
        and starttime <= now() + interval '15 minutes'
$$ where querykey = 'ReadRangeRows2Key';
