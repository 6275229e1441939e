-- What Orleans' AdoNet providers need: five tables and the queries they read from OrleansQuery at start.
--
-- The contract is theirs: the query keys, the names of the parameters, the names and order of the result
-- columns. The tables and the text of the queries are ours. Names are unqualified inside the queries, because
-- silos connect with `Search Path=orleans,public`.
--
-- Three things hold here that a plain reading of the contract does not ask for:
--   1. A grain's state has one row. The unique key treats null as a value, so that two activations that both
--      write for the first time cannot both succeed.
--   2. Reminders have an index on their hash: each silo reads its ranges of the ring every few minutes.
--   3. A statement that changes membership either moves the table's version and changes the row, or does neither.

create table orleans.orleansquery (
    querykey text primary key,
    querytext text not null
);

-- ---------------------------------------------------------------------------------------------------------
-- Membership: which silos there are. The version row is what silos agree on: whoever moves it has decided.

create table orleans.orleansmembershipversiontable (
    deploymentid text primary key,
    version integer not null default 0,
    modifiedon timestamptz not null default now()
);

create table orleans.orleansmembershiptable (
    deploymentid text not null references orleans.orleansmembershipversiontable on delete cascade,
    address text not null,
    port integer not null,
    generation integer not null,
    siloname text not null,
    hostname text not null,
    status integer not null, -- 3 = Active, 6 = Dead
    proxyport integer, -- the gateway for clients; 0 or null: none
    suspecttimes text, -- the votes against this silo
    starttime timestamptz not null,
    iamalivetime timestamptz not null,
    primary key (deploymentid, address, port, generation)
);

insert into orleans.orleansquery (querykey, querytext) values
('InsertMembershipVersionKey', $$
    with inserted as (
        insert into orleansmembershipversiontable (deploymentid) values (@DeploymentId)
        on conflict do nothing
        returning 1)
    select exists (select from inserted)
$$),

-- The version row is updated first: a second writer waits for it, then finds another version and does nothing.
('InsertMembershipKey', $$
    with moved as (
        update orleansmembershipversiontable
        set version = version + 1, modifiedon = now()
        where deploymentid = @DeploymentId and version = @Version
            and not exists (
                select from orleansmembershiptable
                where deploymentid = @DeploymentId
                    and address = @Address and port = @Port and generation = @Generation)
        returning 1),
    inserted as (
        insert into orleansmembershiptable
            (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from moved
        returning 1)
    select exists (select from inserted)
$$),
('UpdateMembershipKey', $$
    with moved as (
        update orleansmembershipversiontable
        set version = version + 1, modifiedon = now()
        where deploymentid = @DeploymentId and version = @Version
            and exists (
                select from orleansmembershiptable
                where deploymentid = @DeploymentId
                    and address = @Address and port = @Port and generation = @Generation)
        returning 1),
    updated as (
        update orleansmembershiptable
        set status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
        where deploymentid = @DeploymentId
            and address = @Address and port = @Port and generation = @Generation
            and exists (select from moved)
        returning 1)
    select exists (select from updated)
$$),

-- "I am alive" is no decision, so the version stays.
('UpdateIAmAlivetimeKey', $$
    update orleansmembershiptable set iamalivetime = @IAmAliveTime
    where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$$),

-- Both reads answer the version even where there is no silo.
('MembershipReadRowKey', $$
    select v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport,
        m.suspecttimes, m.starttime, m.iamalivetime, v.version
    from orleansmembershipversiontable v
    left join orleansmembershiptable m on m.deploymentid = v.deploymentid
        and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.deploymentid = @DeploymentId
$$),
('MembershipReadAllKey', $$
    select v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport,
        m.suspecttimes, m.starttime, m.iamalivetime, v.version
    from orleansmembershipversiontable v
    left join orleansmembershiptable m on m.deploymentid = v.deploymentid
    where v.deploymentid = @DeploymentId
$$),
('GatewaysQueryKey', $$
    select address, proxyport, generation
    from orleansmembershiptable
    where deploymentid = @DeploymentId and status = @Status and proxyport > 0
$$),
('CleanupDefunctSiloEntriesKey', $$
    delete from orleansmembershiptable
    where deploymentid = @DeploymentId and status <> 3 and iamalivetime < @IAmAliveTime
$$),
('DeleteMembershipTableEntriesKey', $$
    delete from orleansmembershipversiontable where deploymentid = @DeploymentId
$$);

-- ---------------------------------------------------------------------------------------------------------
-- Reminders. A grain's hash is its place on the ring of silos, a signed integer.

create table orleans.orleansreminderstable (
    serviceid text not null,
    grainid text not null,
    remindername text not null,
    starttime timestamptz not null,
    period bigint not null, -- milliseconds
    grainhash integer not null,
    version integer not null default 0,
    primary key (serviceid, grainid, remindername)
);

create index orleansreminderstable_range on orleans.orleansreminderstable (serviceid, grainhash);

insert into orleans.orleansquery (querykey, querytext) values
('UpsertReminderRowKey', $$
    insert into orleansreminderstable as r (serviceid, grainid, remindername, starttime, period, grainhash)
    values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
    on conflict (serviceid, grainid, remindername) do update
    set starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = r.version + 1
    returning version
$$),
('ReadReminderRowKey', $$
    select grainid, remindername, starttime, period, version
    from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName
$$),
('ReadReminderRowsKey', $$
    select grainid, remindername, starttime, period, version
    from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId
$$),

-- A range excludes its begin and includes its end. Form 1 lies within the ring; form 2 passes the ring's end
-- (or is the whole ring, where begin and end are the same).
('ReadRangeRows1Key', $$
    select grainid, remindername, starttime, period, version
    from orleansreminderstable
    where serviceid = @ServiceId and grainhash > @BeginHash and grainhash <= @EndHash
$$),
('ReadRangeRows2Key', $$
    select grainid, remindername, starttime, period, version
    from orleansreminderstable
    where serviceid = @ServiceId and (grainhash > @BeginHash or grainhash <= @EndHash)
$$),
('DeleteReminderRowKey', $$
    with deleted as (
        delete from orleansreminderstable
        where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName and version = @Version
        returning 1)
    select exists (select from deleted)
$$),
('DeleteReminderRowsKey', $$
    delete from orleansreminderstable where serviceid = @ServiceId
$$);

-- ---------------------------------------------------------------------------------------------------------
-- Grain storage. A key is two integers (a guid's halves, or zero and a number), a string, or both. The hash of the three
-- leads to the row: an index cannot be searched for `is not distinct from`, and all keys of text share the integers 0, 0.
-- It adds nothing to what is unique, being a function of the key. The provider also sends a hash of the type; unused.

create table orleans.orleansstorage (
    serviceid text not null,
    graintypestring text not null, -- the state's name: the type of the grain is no part of the key
    grainidhash integer not null,
    grainidn0 bigint not null,
    grainidn1 bigint not null,
    grainidextensionstring text,
    payloadbinary bytea, -- null: cleared, and the version goes on
    modifiedon timestamptz not null default now(),
    version integer not null default 1,
    constraint orleansstorage_key unique nulls not distinct
        (serviceid, graintypestring, grainidhash, grainidn0, grainidn1, grainidextensionstring)
);

-- A conflict is an answer without a row: the provider turns it into InconsistentStateException.
insert into orleans.orleansquery (querykey, querytext) values
('WriteToStorageKey', $$
    with updated as (
        update orleansstorage
        set payloadbinary = @PayloadBinary, modifiedon = now(), version = version + 1
        where serviceid = @ServiceId and graintypestring = @GrainTypeString
            and grainidhash = @GrainIdHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
            and grainidextensionstring is not distinct from @GrainIdExtensionString
            and version = @GrainStateVersion
        returning version),
    inserted as (
        insert into orleansstorage
            (serviceid, graintypestring, grainidhash, grainidn0, grainidn1, grainidextensionstring, payloadbinary)
        select @ServiceId, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @PayloadBinary
        where @GrainStateVersion is null
        on conflict do nothing
        returning version)
    select version as newgrainstateversion from updated
    union all
    select version from inserted
$$),
('ReadFromStorageKey', $$
    select payloadbinary, modifiedon, version
    from orleansstorage
    where serviceid = @ServiceId and graintypestring = @GrainTypeString
        and grainidhash = @GrainIdHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
        and grainidextensionstring is not distinct from @GrainIdExtensionString
$$),
('ClearStorageKey', $$
    update orleansstorage
    set payloadbinary = null, modifiedon = now(), version = version + 1
    where serviceid = @ServiceId and graintypestring = @GrainTypeString
        and grainidhash = @GrainIdHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
        and grainidextensionstring is not distinct from @GrainIdExtensionString
        and version = @GrainStateVersion
    returning version as newgrainstateversion
$$),
-- With DeleteStateOnClear. The row is gone; the next number only says that the version fitted.
('DeleteStorageKey', $$
    delete from orleansstorage
    where serviceid = @ServiceId and graintypestring = @GrainTypeString
        and grainidhash = @GrainIdHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
        and grainidextensionstring is not distinct from @GrainIdExtensionString
        and version = @GrainStateVersion
    returning version + 1 as newgrainstateversion
$$);
