-- Kestrel Coffee: an online coffee retailer with subscriptions.
-- Timestamps are UTC, 'YYYY-MM-DD HH:MM:SS'; dates 'YYYY-MM-DD'. Amounts are EUR unless a column says otherwise.

CREATE TABLE countries (
  country_code TEXT PRIMARY KEY,              -- ISO 3166, 'DE'
  name         TEXT NOT NULL,                 -- 'Germany'
  region       TEXT NOT NULL,                 -- 'DACH', 'Nordics', 'Benelux', ...
  currency     TEXT NOT NULL,                 -- ISO 4217
  vat_rate     REAL NOT NULL                  -- 0.19
);

CREATE TABLE customers (
  customer_id         INTEGER PRIMARY KEY,
  first_name          TEXT NOT NULL,
  last_name           TEXT NOT NULL,
  email               TEXT NOT NULL,          -- personal data
  phone               TEXT,                   -- personal data
  company_name        TEXT,                   -- NULL for private people; filled for business customers
  country_code        TEXT NOT NULL REFERENCES countries (country_code),
  city                TEXT NOT NULL,
  acquisition_channel TEXT NOT NULL,          -- 'organic', 'paid_search', 'social', 'referral', 'email', 'affiliate'
  loyalty_tier        TEXT NOT NULL,          -- 'none', 'bronze', 'silver', 'gold'
  signed_up_at        TIMESTAMP NOT NULL,
  birth_date          DATE,
  marketing_opt_in    INTEGER NOT NULL,       -- 0 or 1
  referred_by         INTEGER REFERENCES customers (customer_id),
  is_test             INTEGER NOT NULL,       -- 1: an account of our own staff
  deleted_at          TIMESTAMP               -- soft delete
);

CREATE TABLE categories (
  category_id INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,                  -- 'Espresso Machines'
  parent_id   INTEGER REFERENCES categories (category_id)
);

CREATE TABLE suppliers (
  supplier_id    INTEGER PRIMARY KEY,
  name           TEXT NOT NULL,
  country_code   TEXT NOT NULL REFERENCES countries (country_code),
  lead_time_days INTEGER NOT NULL,
  rating         REAL,                        -- 1.0 to 5.0, NULL: not rated yet
  is_active      INTEGER NOT NULL
);

CREATE TABLE products (
  product_id      INTEGER PRIMARY KEY,
  sku             TEXT NOT NULL,
  name            TEXT NOT NULL,
  category_id     INTEGER NOT NULL REFERENCES categories (category_id),
  supplier_id     INTEGER NOT NULL REFERENCES suppliers (supplier_id),
  origin          TEXT,                       -- where the beans grew; NULL for equipment
  roast_level     INTEGER,                    -- 1 light, 2 medium-light, 3 medium, 4 medium-dark, 5 dark; NULL for equipment
  list_price      REAL NOT NULL,
  unit_cost       REAL NOT NULL,
  weight_grams    INTEGER,
  launched_on     DATE NOT NULL,
  discontinued_on DATE
);

CREATE TABLE tags (
  tag_id INTEGER PRIMARY KEY,
  name   TEXT NOT NULL                        -- 'organic', 'fair trade', 'gift', ...
);

CREATE TABLE product_tags (
  product_id INTEGER NOT NULL REFERENCES products (product_id),
  tag_id     INTEGER NOT NULL REFERENCES tags (tag_id),
  PRIMARY KEY (product_id, tag_id)
);

CREATE TABLE campaigns (
  campaign_id INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,                  -- 'Spring Bloom 2025'
  channel     TEXT NOT NULL,                  -- 'email', 'social', 'search', 'influencer', 'print'
  budget      REAL NOT NULL,
  started_on  DATE NOT NULL,
  ended_on    DATE NOT NULL
);

CREATE TABLE subscriptions (
  subscription_id INTEGER PRIMARY KEY,
  customer_id     INTEGER NOT NULL REFERENCES customers (customer_id),
  plan            TEXT NOT NULL,              -- 'Explorer', 'Connoisseur', 'Office', 'Decaf'
  status          TEXT NOT NULL,              -- 'active', 'paused', 'cancelled'
  interval_weeks  INTEGER NOT NULL,           -- 2, 4 or 8
  monthly_price   REAL NOT NULL,
  started_on      DATE NOT NULL,
  paused_on       DATE,
  cancelled_on    DATE,
  cancel_reason   TEXT                        -- 'price', 'taste', 'too_much_coffee', 'moving', 'competitor', 'other'
);

CREATE TABLE orders (
  order_id        INTEGER PRIMARY KEY,
  customer_id     INTEGER NOT NULL REFERENCES customers (customer_id),
  campaign_id     INTEGER REFERENCES campaigns (campaign_id),
  subscription_id INTEGER REFERENCES subscriptions (subscription_id),   -- NULL: a one-off order
  status          TEXT NOT NULL,              -- N new, P paid, S shipped, D delivered, X cancelled, R returned
  sales_channel   TEXT NOT NULL,              -- 'web', 'app', 'phone', 'marketplace'
  payment_method  TEXT NOT NULL,              -- 'card', 'paypal', 'invoice', 'klarna', 'gift_card'
  ordered_at      TIMESTAMP NOT NULL,
  paid_at         TIMESTAMP,                  -- NULL: not paid yet
  currency        TEXT NOT NULL,              -- the currency the customer was charged in
  gross_amount    REAL NOT NULL,              -- EUR with VAT, before the discount
  discount_amount REAL NOT NULL,              -- EUR
  shipping_fee    REAL NOT NULL,              -- EUR, what the customer paid for shipping
  net_amount      REAL NOT NULL,              -- EUR without VAT, after the discount, without shipping
  charged_amount  REAL NOT NULL               -- in `currency`: what left the customer's account
);

CREATE TABLE order_items (
  order_item_id INTEGER PRIMARY KEY,
  order_id      INTEGER NOT NULL REFERENCES orders (order_id),
  product_id    INTEGER NOT NULL REFERENCES products (product_id),
  quantity      INTEGER NOT NULL,
  unit_price    REAL NOT NULL,                -- EUR with VAT, the price on that day
  discount_pct  REAL NOT NULL,                -- 0 to 0.5
  gross_amount  REAL NOT NULL,                -- EUR with VAT, before the discount
  net_amount    REAL NOT NULL                 -- EUR without VAT, after the discount; adds up to orders.net_amount
);

CREATE TABLE refunds (
  refund_id     INTEGER PRIMARY KEY,
  order_id      INTEGER NOT NULL REFERENCES orders (order_id),
  order_item_id INTEGER REFERENCES order_items (order_item_id),         -- NULL: the whole order
  amount        REAL NOT NULL,                -- EUR
  reason        TEXT NOT NULL,                -- 'damaged', 'late', 'wrong_item', 'not_as_described', 'changed_mind'
  status        TEXT NOT NULL,                -- 'pending', 'approved', 'rejected'
  requested_at  TIMESTAMP NOT NULL,
  refunded_at   TIMESTAMP                     -- NULL until the money went back
);

CREATE TABLE warehouses (
  warehouse_id INTEGER PRIMARY KEY,
  name         TEXT NOT NULL,                 -- 'Hamburg Harbour'
  city         TEXT NOT NULL,
  country_code TEXT NOT NULL REFERENCES countries (country_code),
  opened_on    DATE NOT NULL
);

CREATE TABLE shipments (
  shipment_id  INTEGER PRIMARY KEY,
  order_id     INTEGER NOT NULL REFERENCES orders (order_id),
  warehouse_id INTEGER NOT NULL REFERENCES warehouses (warehouse_id),
  carrier      TEXT NOT NULL,                 -- 'DHL', 'UPS', 'DPD', 'PostNL', 'GLS'
  status       TEXT NOT NULL,                 -- 'in_transit', 'delivered', 'lost', 'returned'
  shipped_at   TIMESTAMP NOT NULL,
  promised_on  DATE NOT NULL,
  delivered_at TIMESTAMP,
  cost         REAL NOT NULL                  -- EUR, what the carrier charged us
);

CREATE TABLE inventory (
  warehouse_id    INTEGER NOT NULL REFERENCES warehouses (warehouse_id),
  product_id      INTEGER NOT NULL REFERENCES products (product_id),
  quantity        INTEGER NOT NULL,           -- units on hand
  reorder_level   INTEGER NOT NULL,
  last_counted_on DATE,
  PRIMARY KEY (warehouse_id, product_id)
);

CREATE TABLE employees (
  employee_id INTEGER PRIMARY KEY,
  first_name  TEXT NOT NULL,
  last_name   TEXT NOT NULL,
  team        TEXT NOT NULL,                  -- 'support', 'marketing', 'finance', 'operations', 'roastery', 'it'
  job_title   TEXT NOT NULL,
  manager_id  INTEGER REFERENCES employees (employee_id),
  hired_on    DATE NOT NULL,
  left_on     DATE                            -- NULL: still with us
);

CREATE TABLE tickets (
  ticket_id      INTEGER PRIMARY KEY,
  customer_id    INTEGER NOT NULL REFERENCES customers (customer_id),
  order_id       INTEGER REFERENCES orders (order_id),
  employee_id    INTEGER REFERENCES employees (employee_id),            -- who handles it; NULL: nobody yet
  channel        TEXT NOT NULL,               -- 'email', 'chat', 'phone'
  topic          TEXT NOT NULL,               -- 'delivery', 'damaged', 'billing', 'subscription', 'product_question', 'spam'
  priority       INTEGER NOT NULL,            -- 1 urgent, 2 high, 3 normal, 4 low
  status         TEXT NOT NULL,               -- 'open', 'pending', 'closed'
  opened_at      TIMESTAMP NOT NULL,
  first_reply_at TIMESTAMP,
  closed_at      TIMESTAMP,
  satisfaction   INTEGER                      -- 1 to 5, NULL: not answered
);

CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_ordered_at ON orders (ordered_at);
CREATE INDEX order_items_order ON order_items (order_id);
CREATE INDEX order_items_product ON order_items (product_id);
CREATE INDEX refunds_order ON refunds (order_id);
CREATE INDEX shipments_order ON shipments (order_id);
CREATE INDEX subscriptions_customer ON subscriptions (customer_id);
CREATE INDEX tickets_customer ON tickets (customer_id);
CREATE INDEX orders_subscription ON orders (subscription_id);
CREATE INDEX tickets_order ON tickets (order_id);
