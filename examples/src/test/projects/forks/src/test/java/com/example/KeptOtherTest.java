package com.example;

class KeptOtherTest extends KeptOneTest {}
