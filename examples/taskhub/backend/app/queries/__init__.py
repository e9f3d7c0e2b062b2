"""Operations that only read, one module each."""
