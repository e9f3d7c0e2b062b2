"""Operations that change something, one module each."""
