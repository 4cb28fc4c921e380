.PHONY: db
db: env ## Start only the database in Docker, published on this machine
	docker compose --file docker-compose.yml --file docker-compose.dev.yml up --detach --wait db

