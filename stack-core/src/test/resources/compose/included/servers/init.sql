CREATE TABLE words (word text);
