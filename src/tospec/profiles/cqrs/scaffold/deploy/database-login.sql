-- Makes the login of the API with the database. It owns nothing; the migration grants it its roles.
\getenv password API_PASSWORD
CREATE ROLE api LOGIN PASSWORD :'password';
