	$(BIN)/uvicorn {{ package_name }}.main:app --reload --reload-dir src --port $(PORT)
