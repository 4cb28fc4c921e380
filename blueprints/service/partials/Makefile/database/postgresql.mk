run: db upgrade-local

.PHONY: db
db: env ## Start only the database in Docker, published on this machine
	docker compose --file docker-compose.yml --file docker-compose.dev.yml up --detach --wait db

.PHONY: migrate
migrate: env ## Migrate the database of the stack in Docker
	scripts/db_migrate.sh

.PHONY: upgrade-local
upgrade-local: install env ## Migrate the database that DATABASE_URL in .env names
	$(BIN)/alembic upgrade head

.PHONY: migration
migration: db upgrade-local ## Write a migration from changed models: make migration m="add price to items"
	@test -n "$$m" || { echo 'Say what changes: make migration m="add price to items"' >&2; exit 2; }
	$(BIN)/alembic revision --autogenerate --message "$$m"

