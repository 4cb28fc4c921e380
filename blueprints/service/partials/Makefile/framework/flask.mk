	$(BIN)/flask --app {{ package_name }}.main:app run --debug --port $(PORT)
