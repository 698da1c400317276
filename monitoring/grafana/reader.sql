-- The database user of Grafana: reads what the dashboards show, and nothing else.
-- psql --set password="$GRAFANA_DB_PASSWORD" --file reader.sql, as the owner of the tables;
-- again after a restore into a database that did not know the user.
CREATE ROLE monps_reader LOGIN PASSWORD :'password' CONNECTION LIMIT 5;
ALTER ROLE monps_reader SET default_transaction_read_only = on;
ALTER ROLE monps_reader SET statement_timeout = '10s';
GRANT CONNECT ON DATABASE :DBNAME TO monps_reader;
GRANT USAGE ON SCHEMA public TO monps_reader;
GRANT SELECT ON
    sports, bookmakers, matches, opportunities, bets,
    odds_history, odds_totals, v_current_opportunities, bets_stats, strategies_ranking
TO monps_reader;
