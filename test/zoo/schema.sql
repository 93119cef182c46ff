create table orders (
  id bigint generated always as identity primary key,
  sku text not null
);
insert into orders (sku) select 'sku-' || n from generate_series(1, 1000) as n;
create table counters (
  id int primary key,
  count bigint not null
);
insert into counters select n, 0 from generate_series(0, 63) as n;
