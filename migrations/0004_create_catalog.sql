-- What each product is printed from. New tables only: the previous binary is not disturbed.
CREATE SCHEMA catalog;

CREATE TABLE catalog.product_mapping (
    id uuid PRIMARY KEY,
    sku text CHECK (sku = btrim(sku) AND length(sku) BETWEEN 1 AND 255),
    shopify_product_id bigint CHECK (shopify_product_id > 0),
    shopify_variant_id bigint CHECK (shopify_variant_id > 0),
    product_name text NOT NULL CHECK (length(product_name) BETWEEN 1 AND 255),
    weight_grams integer NOT NULL CHECK (weight_grams BETWEEN 1 AND 1000000),
    default_print_profile text CHECK (length(default_print_profile) BETWEEN 1 AND 255),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT product_mapping_has_a_key
        CHECK (num_nonnulls(sku, shopify_product_id, shopify_variant_id) >= 1)
);

-- A line must never find two mappings: each key is unique among the active ones.
CREATE UNIQUE INDEX product_mapping_sku_active
    ON catalog.product_mapping (sku) WHERE is_active;
CREATE UNIQUE INDEX product_mapping_product_active
    ON catalog.product_mapping (shopify_product_id) WHERE is_active;
CREATE UNIQUE INDEX product_mapping_variant_active
    ON catalog.product_mapping (shopify_variant_id) WHERE is_active;

CREATE TABLE catalog.assembly_part (
    product_mapping_id uuid NOT NULL REFERENCES catalog.product_mapping (id) ON DELETE CASCADE,
    part_number smallint NOT NULL CHECK (part_number BETWEEN 1 AND 200),
    part_name text NOT NULL CHECK (length(part_name) BETWEEN 1 AND 255),
    simplyprint_file_id text NOT NULL CHECK (simplyprint_file_id ~ '^[0-9a-f]{32}$'),
    quantity_per_product smallint NOT NULL CHECK (quantity_per_product BETWEEN 1 AND 500),
    print_profile text CHECK (length(print_profile) BETWEEN 1 AND 255),
    PRIMARY KEY (product_mapping_id, part_number)
);
