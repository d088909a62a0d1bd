-- $1 users of the school $2, by made-up names: 1 in 2 has the tag "even", 1 in 10 one of a group of
-- 100, 1 in 5,000 "vip"; 1 in 50 is Staff by a role of the school's own, 1 in 200 an instructor.
insert into users (school, user_id, role_level, role, name, email, tags)
select
    $2, 'u-' || substr(md5($2 || n), 1, 12),
    case when n % 200 = 1 then 'instructor' when n % 2000 = 0 then 'admin' else 'user' end,
    case when n % 50 = 0 then 'Staff' end,
    first || ' ' || last,
    lower(first) || '.' || lower(last) || n || '@'
        || (array['mail', 'school', 'work'])[1 + n % 3] || '.example',
    array_remove(
        array[
            case when n % 2 = 0 then 'even' end,
            case when n % 10 = 3 then 'group-' || n / 1000 end,
            case when n % 5000 = 7 then 'vip' end
        ],
        null
    )
from (
    select
        n,
        (array['Ada', 'Zoë', 'José', 'Sam', 'Mia', 'Noor', 'Liam', 'Ines', 'Yuki', 'Omar', 'Eva',
               'Jan', 'Ravi', 'Lea', 'Tom', 'Anna', 'Igor', 'Sofia', 'Paul', 'Nina', 'Ugo', 'Vera',
               'Kai', 'Ida', 'Max', 'Rosa', 'Finn', 'Elif', 'Nils', 'Ayo'])[1 + n * 7 % 30] as first,
        (array['Byron', 'Okafor', 'Müller', 'García', 'Silva', 'Novak', 'Kim', 'Sato', 'Rossi',
               'Dubois', 'Hansen', 'Ivanov', 'Khan', 'Lopez', 'Meyer', 'Nagy', 'Olsen', 'Popescu',
               'Quinn', 'Rao', 'Smith', 'Tanaka', 'Urban', 'Vega', 'Weber', 'Xu', 'Yilmaz',
               'Zhang', 'Abebe', 'Costa'])[1 + n / 30 % 30] as last
    from generate_series(1, $1::integer) n
) people
