{% set db_ = 'db ' if database == 'postgresql' else '' %}
run: {{ db_ }}upgrade-local

.PHONY: migrate
migrate: env ## Migrate the database of the stack in Docker
	scripts/db_migrate.sh

.PHONY: upgrade-local
upgrade-local: install env ## Migrate the database that DATABASE_URL in .env names
	$(BIN)/alembic upgrade head

.PHONY: migration
migration: {{ db_ }}upgrade-local ## Write a migration from changed models: make migration m="add price to items"
	@test -n "$$m" || { echo 'Say what changes: make migration m="add price to items"' >&2; exit 2; }
	$(BIN)/alembic revision --autogenerate --message "$$m"

