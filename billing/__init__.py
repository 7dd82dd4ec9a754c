"""The rules of money: prices, wallets and ledger entries, without any I/O."""
