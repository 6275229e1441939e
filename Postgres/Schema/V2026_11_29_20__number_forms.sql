-- Every way of writing a number, digits only, the given one first: Brazil's and Argentina's 9, Mexico's 1 (NumberForms in code).
create function threadkeep.number_forms(number text) returns text[]
language sql immutable parallel safe as $$
    select case
        when number is null then '{}'
        when number ~ '^55[0-9]{2}9[6-9][0-9]{7}$' then array[number, left(number, 4) || substr(number, 6)]
        when number ~ '^(549|521)[0-9]{10}$' then array[number, left(number, 2) || substr(number, 4)]
        when number ~ '^55[0-9]{2}[6-9][0-9]{7}$' then array[number, left(number, 4) || '9' || substr(number, 5)]
        when number ~ '^54[0-9]{10}$' then array[number, '549' || substr(number, 3)]
        when number ~ '^52[0-9]{10}$' then array[number, '521' || substr(number, 3)]
        else array[number]
    end
$$;
-- A 9 before 1 to 5 was taken for the mobile's 9; without it the number is a landline.
update threadkeep.contacts set phone_key = regexp_replace(phone, '[^0-9]', '', 'g')
where phone_key ~ '^55[0-9]{2}[1-5][0-9]{7}$' and phone_key is distinct from regexp_replace(phone, '[^0-9]', '', 'g');
update threadkeep.contacts set mobile_key = regexp_replace(mobile_phone, '[^0-9]', '', 'g')
where mobile_key ~ '^55[0-9]{2}[1-5][0-9]{7}$' and mobile_key is distinct from regexp_replace(mobile_phone, '[^0-9]', '', 'g');
