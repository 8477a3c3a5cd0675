"""How the platform is run: the embedded stack, and the registration of prefect.yaml."""
