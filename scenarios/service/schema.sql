create table orders (
  id bigint generated always as identity primary key,
  sku text not null,
  paid boolean not null
);
insert into orders (sku, paid) select 'sku-' || n, true from generate_series(1, 1000) as n;
