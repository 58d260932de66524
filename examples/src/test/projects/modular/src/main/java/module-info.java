module com.example.desk {
    requires dev.withstack.core;
}
