"""The machines behind the ports: storage, accounts at providers, tokens, the vault, time; and a fake for each."""
